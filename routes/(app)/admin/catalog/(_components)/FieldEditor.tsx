import { Button } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import type { DraftField } from "@/domain/catalog/draft.ts";
import { FIELD_TYPES, type FieldType } from "@/domain/catalog/fields.ts";
import { labelledOptions } from "@/routes/(app)/admin/(_data)/options.ts";

const TYPE_LABELS: Record<FieldType, string> = {
  text: "Short text",
  long_text: "Long text",
  number: "Number",
  choice: "Single choice",
  choices: "Multiple choice",
  date: "Date",
  user: "Person",
  file: "File",
  checkbox: "Checkbox",
};

const BUTTONS = {
  up: { label: "Up", describe: (title: string) => `Move “${title}” up` },
  down: { label: "Down", describe: (title: string) => `Move “${title}” down` },
  remove: { label: "Remove", describe: (title: string) => `Remove “${title}”` },
};

/** One question of the form, numbered by position so that its buttons work without scripts. */
export function FieldEditor({ at, field, conditions, errors }: {
  at: number;
  field: DraftField;
  /** Answers that it can be shown by. */
  conditions: { value: string; label: string }[];
  errors: Record<string, string>;
}) {
  const name = (part: string) => `fields.${at}.${part}`;
  const error = (part: string) => errors[name(part)];
  const title = field.label || `Question ${at + 1}`;
  const listed = field.type === "choice" || field.type === "choices";
  // A condition on a deleted answer stays visible, and is refused on saving.
  const lost = field.showIf !== "" && !conditions.some(({ value }) => value === field.showIf);
  const choices = (
    <Field
      name={name("options")}
      label="Choices"
      kind="textarea"
      rows={3}
      value={field.options}
      error={error("options")}
      hint="One per line"
    />
  );
  return (
    <fieldset class="builder-field" aria-label={title}>
      <input type="hidden" name={name("key")} value={field.key} />
      <div class="builder-head">
        <strong>{title}</strong>
        {(["up", "down", "remove"] as const).map((what) => (
          <Button
            key={what}
            name="do"
            value={`${what}:${at}`}
            size="sm"
            variant="quiet"
            formNoValidate
            label={BUTTONS[what].describe(title)}
          >
            {BUTTONS[what].label}
          </Button>
        ))}
      </div>
      <div class="form-row">
        <Field
          name={name("label")}
          label="Question"
          value={field.label}
          error={error("label")}
          maxLength={120}
        />
        <Field
          name={name("type")}
          label="Answer"
          kind="select"
          value={field.type}
          options={labelledOptions(FIELD_TYPES, TYPE_LABELS)}
          error={error("type")}
        />
      </div>
      {listed ? choices : (
        <details>
          <summary class="hint">Choices</summary>
          {choices}
        </details>
      )}
      {field.type === "number" && (
        <div class="form-row">
          <Field
            name={name("min")}
            label="Minimum"
            value={field.min}
            error={error("min")}
            inputMode="numeric"
            optional
          />
          <Field
            name={name("max")}
            label="Maximum"
            value={field.max}
            error={error("max")}
            inputMode="numeric"
            optional
          />
        </div>
      )}
      <Field
        name={name("help")}
        label="Help"
        value={field.help}
        error={error("help")}
        maxLength={1000}
        optional
      />
      <Field name={name("required")} label="Required" kind="checkbox" checked={field.required} />
      {(conditions.length > 0 || lost) && (
        <Field
          name={name("showIf")}
          label="Show only if"
          kind="select"
          value={field.showIf}
          options={[
            { value: "", label: "Always" },
            ...conditions,
            ...(lost ? [{ value: field.showIf, label: "An answer that no longer exists" }] : []),
          ]}
          error={error("showIf")}
        />
      )}
    </fieldset>
  );
}
