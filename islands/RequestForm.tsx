import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { answerName, RequestFields, type Typed } from "@/components/RequestFields.tsx";
import { type FormField, isShown } from "@/domain/catalog/fields.ts";
import { answersSchema } from "@/domain/catalog/schema.ts";

/**
 * The fields of a request inside the page's form: asks only for what the answers so far call for, and checks them by the
 * schema of the server before they are sent.
 */
export function RequestForm({ fields, values, errors, kept }: {
  fields: FormField[];
  values: Typed;
  errors: Record<string, string>;
  kept: Record<string, string[]>;
}) {
  const typed = useSignal(values);
  const wrong = useSignal(errors);
  const live = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const form = place.current?.closest("form");
    if (!form) return;
    live.value = true;
    const onInput = (event?: Event) => {
      typed.value = read(form, fields);
      const changed = fields.find(({ key }) => answerName(key) === (event?.target as HTMLInputElement)?.name);
      if (!changed || !(changed.key in wrong.value)) return;
      const parsed = answersSchema(fields).safeParse(forSchema(form, fields));
      if (parsed.error?.issues.some(({ path }) => path[0] === changed.key)) return;
      const { [changed.key]: _right, ...others } = wrong.value;
      wrong.value = others;
    };
    const onSubmit = (event: SubmitEvent) => {
      const parsed = answersSchema(fields).safeParse(forSchema(form, fields));
      if (parsed.success) return;
      event.preventDefault();
      typed.value = read(form, fields);
      wrong.value = Object.fromEntries(
        parsed.error.issues.map(({ path, message }) => [String(path[0] ?? ""), message]).reverse(),
      );
      const first = parsed.error.issues[0]?.path[0];
      if (first !== undefined) {
        form.querySelector<HTMLElement>(`[name="${answerName(String(first))}"]`)?.focus();
      }
    };
    form.addEventListener("input", onInput);
    form.addEventListener("submit", onSubmit);
    form.noValidate = true;
    onInput();
    return () => {
      form.removeEventListener("input", onInput);
      form.removeEventListener("submit", onSubmit);
    };
  }, []);
  const answers = answersSoFar(fields, typed.value);
  return (
    <div ref={place} class="form">
      <RequestFields
        fields={live.value ? fields.filter((field) => isShown(field, answers)) : fields}
        all={fields}
        values={typed.value}
        errors={wrong.value}
        live={live.value}
        kept={kept}
      />
    </div>
  );
}

/** What is typed at the moment; what left the page keeps no value. */
function read(form: HTMLFormElement, fields: FormField[]): Typed {
  const data = new FormData(form);
  const typed: Typed = {};
  for (const { key, type } of fields) {
    const texts = data.getAll(answerName(key)).filter((value) => typeof value === "string");
    if (texts.length > 0) typed[key] = type === "choices" ? texts : texts[0];
  }
  return typed;
}

/** The same as the schema takes it. A file that is chosen has no id yet: any will do. */
function forSchema(form: HTMLFormElement, fields: FormField[]): Typed {
  const typed = read(form, fields);
  const data = new FormData(form);
  for (const { key, type } of fields) {
    if (type !== "file" || typed[key]) continue;
    const chosen = data.getAll(answerName(key)).some((value) => value instanceof File && value.size > 0);
    if (chosen) typed[key] = "00000000-0000-0000-0000-000000000000";
  }
  return typed;
}

/** The answers that decide what is shown: choices and boxes, in order, of what is shown itself. */
function answersSoFar(fields: FormField[], typed: Typed): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const field of fields) {
    const value = typed[field.key];
    if (value === undefined || !isShown(field, answers)) continue;
    answers[field.key] = field.type === "checkbox" ? value === "on" : value;
  }
  return answers;
}
