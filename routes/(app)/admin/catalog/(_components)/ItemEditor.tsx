import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import type { Option } from "@/components/types.ts";
import type { DraftField } from "@/domain/catalog/draft.ts";
import { ITEM_ICONS } from "@/domain/catalog/icons.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import type { Named } from "@/domain/shared/types.ts";
import { FormPreview } from "@/islands/FormPreview.tsx";
import { FieldEditor } from "./FieldEditor.tsx";

/** Editor of a catalog item: description, routing, questions and preview. */
export function ItemEditor({ values, errors, draft, choices, submit }: {
  values: Record<string, string>;
  errors: Record<string, string>;
  draft: DraftField[];
  choices: TicketChoices;
  submit: string;
}) {
  return (
    <form class="builder" id="builder" method="post">
      <div class="form">
        {/* The first button is what Enter presses: it must save. */}
        <button class="visually-hidden" type="submit" name="do" value="save" tabIndex={-1}>{submit}</button>
        {values.version !== undefined && <input type="hidden" name="version" value={values.version} />}
        {values.version === undefined && (
          <input type="hidden" name="idempotencyKey" value={values.idempotencyKey ?? crypto.randomUUID()} />
        )}
        <Field name="name" label="Name" value={values.name} error={errors.name} maxLength={120} required />
        <Field
          name="description"
          label="Description"
          kind="textarea"
          rows={3}
          value={values.description}
          error={errors.description}
          hint="What people get. Markdown is supported"
          optional
        />
        <div class="form-row">
          <Field
            name="section"
            label="Heading"
            value={values.section}
            error={errors.section}
            hint="Items with the same heading are grouped"
            maxLength={80}
            optional
          />
          <Field
            name="icon"
            label="Icon"
            kind="select"
            value={values.icon ?? "ticket"}
            options={ITEM_ICONS.map((value) => ({ value, label: value }))}
            error={errors.icon}
          />
        </div>
        <div class="form-row">
          <Field
            name="queueId"
            label="Requests go to"
            kind="select"
            value={values.queueId ?? ""}
            options={[{ value: "", label: "The category's queue" }, ...named(choices.queues)]}
            error={errors.queueId}
          />
          <Field
            name="categoryId"
            label="Category"
            kind="select"
            value={values.categoryId ?? ""}
            options={[{ value: "", label: "None" }, ...named(choices.categories)]}
            error={errors.categoryId}
          />
        </div>
        <h2 id="questions">Questions</h2>
        {draft.map((_, at) => <FieldEditor key={at} at={at} draft={draft} errors={errors} />)}
        <div>
          <Button name="do" value="add" icon="plus" formNoValidate>Add a question</Button>
        </div>
        <div class="form-actions">
          <Button variant="primary" name="do" value="save">{submit}</Button>
          <ButtonLink href="/admin/catalog" variant="quiet">Cancel</ButtonLink>
        </div>
      </div>
      <section class="card builder-preview" aria-label="Preview">
        <div class="card-header">
          <h2>Preview</h2>
          <Button name="do" value="preview" size="sm" variant="quiet" formNoValidate>Refresh</Button>
        </div>
        <FormPreview form="builder" draft={draft} />
      </section>
    </form>
  );
}

function named(things: Named[]): Option[] {
  return things.map(({ id, name }) => ({ value: id, label: name }));
}
