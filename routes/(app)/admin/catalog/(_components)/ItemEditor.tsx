import { Button, ButtonLink } from "@/components/Button.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { conditionsFor, type DraftField, toDefinition } from "@/domain/catalog/draft.ts";
import { ITEM_ICONS } from "@/domain/catalog/icons.ts";
import type { CatalogItem } from "@/domain/catalog/read.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { FormPreview } from "@/islands/FormPreview.tsx";
import type { FormState } from "@/pages/forms.ts";
import { optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";
import { FieldEditor } from "./FieldEditor.tsx";

interface Props {
  item?: CatalogItem;
  form: FormState;
  draft: DraftField[];
  choices: TicketChoices;
  submit: string;
}

/** Editor of a catalog item: description, routing, questions and preview. */
export function ItemEditor({ item, form, draft, choices, submit }: Props) {
  const fields = toDefinition(draft);
  return (
    <form class="builder" id="builder" method="post">
      <div class="form">
        {/* The first button is what Enter presses: it must save. */}
        <button class="visually-hidden" type="submit" name="do" value="save" tabIndex={-1}>{submit}</button>
        <HiddenFields form={form} version={item?.version} once={!item} />
        <ItemFields item={item} form={form} choices={choices} />
        <h2 id="questions">Questions</h2>
        {draft.map((field, at) => (
          <FieldEditor
            key={at}
            at={at}
            field={field}
            conditions={conditionsFor(fields, at)}
            errors={form.errors}
          />
        ))}
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

function ItemFields(
  { item, form, choices }: Pick<Props, "form" | "choices"> & { item: CatalogItem | undefined },
) {
  return (
    <>
      <FormField form={form} name="name" label="Name" value={item?.name} maxLength={120} required />
      <FormField
        form={form}
        name="description"
        label="Description"
        kind="textarea"
        rows={3}
        value={item?.description}
        hint="What people get. Markdown is supported"
        optional
      />
      <div class="form-row">
        <FormField
          form={form}
          name="section"
          label="Heading"
          value={item?.section}
          hint="Items with the same heading are grouped"
          maxLength={80}
          optional
        />
        <FormField
          form={form}
          name="icon"
          label="Icon"
          kind="select"
          value={item?.icon ?? "ticket"}
          options={ITEM_ICONS.map((value) => ({ value, label: value }))}
        />
      </div>
      <div class="form-row">
        <FormField
          form={form}
          name="queueId"
          label="Requests go to"
          kind="select"
          value={item?.queue?.id ?? ""}
          options={[
            { value: "", label: "The category's queue" },
            ...optionsOf(choices.queues, item?.queue),
          ]}
        />
        <FormField
          form={form}
          name="categoryId"
          label="Category"
          kind="select"
          value={item?.category?.id ?? ""}
          options={[{ value: "", label: "None" }, ...optionsOf(choices.categories, item?.category)]}
        />
      </div>
    </>
  );
}
