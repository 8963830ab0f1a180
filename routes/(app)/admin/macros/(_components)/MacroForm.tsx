import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field, type FieldProps } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import type { Option } from "@/components/types.ts";
import { MACRO_STATUSES } from "@/domain/replies/macros/fields.ts";
import type { Macro } from "@/domain/replies/macros/read.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { PENDING_LABELS, PRIORITY_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { PENDING_REASONS } from "@/domain/tickets/model/states.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";
import { PlaceholderHelp } from "@/routes/(app)/admin/(_components)/PlaceholderHelp.tsx";
import { macroValues } from "@/routes/(app)/admin/macros/(_data)/macro_form.ts";

const KEEP: Option = { value: "", label: "No change" };

/** Everything a macro can do, in the order it is done. */
export function MacroForm(
  { macro, choices, form }: { macro?: Macro; choices: TicketChoices; form: FormState },
) {
  const values = { ...(macro ? macroValues(macro) : {}), ...form.values };
  const { errors } = form;
  const field = (name: string, props: Omit<FieldProps, "name" | "value" | "error">) => (
    <Field name={name} value={values[name] ?? ""} error={errors[name]} {...props} />
  );
  const select = (name: string, label: string, options: Option[]) =>
    field(name, { label, kind: "select", options: [KEEP, ...options] });
  return (
    <>
      <FormErrors
        errors={Object.entries(errors).map(([name, message]) => ({
          field: name === "actions" ? "" : name,
          message,
        }))}
      />
      <form class="form" id="macro" method="post">
        {macro ? <input type="hidden" name="version" value={macro.version} /> : (
          <input
            type="hidden"
            name="idempotencyKey"
            value={values.idempotencyKey ?? crypto.randomUUID()}
          />
        )}
        {field("name", { label: "Name", maxLength: 120, required: true, autoFocus: !macro })}
        {field("description", { label: "When to use it", maxLength: 500, optional: true })}
        <Card title="Fields">
          <div class="form">
            <div class="form-row">
              {select("actions.priority", "Priority", labelled(PRIORITIES, PRIORITY_LABELS))}
              {select("actions.categoryId", "Category", withNone("No category", choices.categories, macro))}
            </div>
            <div class="form-row">
              {field("actions.addTags", { label: "Add tags", hint: "Separated by commas", optional: true })}
              {field("actions.removeTags", {
                label: "Remove tags",
                hint: "Separated by commas",
                optional: true,
              })}
            </div>
          </div>
        </Card>
        <Card title="Reply">
          <div class="form">
            {field("actions.reply", {
              label: "Text",
              kind: "textarea",
              rows: 6,
              maxLength: 65536,
              hint: "Leave empty for no reply. Markdown is supported",
              optional: true,
            })}
            <PlaceholderHelp />
            <Field
              name="actions.replyVisibility"
              label="Visibility"
              kind="segmented"
              value={values["actions.replyVisibility"] || "public"}
              options={[{ value: "public", label: "Public reply" }, {
                value: "internal",
                label: "Internal note",
              }]}
            />
          </div>
        </Card>
        <Card title="Status">
          <div class="form">
            {select("actions.status", "Status", labelled(MACRO_STATUSES, STATUS_LABELS))}
            <div class="form-row">
              {field("actions.reason", {
                label: "Waiting for",
                kind: "select",
                options: [
                  { value: "", label: "Only when pending" },
                  ...labelled(PENDING_REASONS, PENDING_LABELS),
                ],
              })}
              {field("actions.waitDays", {
                label: "Days to wait",
                kind: "number",
                inputMode: "numeric",
                hint: "Only when scheduled",
                optional: true,
              })}
            </div>
            {field("actions.note", {
              label: "Note",
              kind: "textarea",
              rows: 3,
              maxLength: 65536,
              hint: "Used as the resolution note; visible to the requester",
              optional: true,
            })}
          </div>
        </Card>
        <Card title="Assignment">
          <div class="form-row">
            {select("actions.assigneeId", "Assignee", [
              { value: "me", label: "The person using the macro" },
              ...withNone("Nobody", choices.staff, macro),
            ])}
            {select("actions.queueId", "Queue", withNone("No queue", choices.queues, macro))}
          </div>
        </Card>
        <div class="form-actions">
          <Button variant="primary">Save</Button>
          <ButtonLink href="/admin/macros" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}

function labelled<V extends string>(values: readonly V[], labels: Readonly<Record<V, string>>): Option[] {
  return values.map((value) => ({ value, label: labels[value] }));
}

/** The choices, including the current one if it is archived, so that saving keeps it. */
function withNone(none: string, things: Named[], macro: Macro | undefined): Option[] {
  const { categoryId, queueId, assigneeId } = macro?.actions ?? {};
  const present = none === "No category" ? categoryId : none === "No queue" ? queueId : assigneeId;
  const missing = present && present !== "me" && !things.some(({ id }) => id === present)
    ? [{ value: present, label: "No longer in use" }]
    : [];
  return [
    { value: "none", label: none },
    ...missing,
    ...things.map(({ id, name }) => ({ value: id, label: name })),
  ];
}
