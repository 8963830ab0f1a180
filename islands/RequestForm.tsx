import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { inPage } from "@/browser/in_page.ts";
import { RequestFields } from "@/components/RequestFields.tsx";
import { answerName, type AnswerProblem, checkAnswers, type TypedAnswers } from "@/domain/catalog/answers.ts";
import { type FormField, isShown } from "@/domain/catalog/fields.ts";

/** The fields of a request inside the page's form: shows what the answers call for, and checks before it sends. */
export function RequestForm({ fields, values, errors, kept }: {
  fields: FormField[];
  values: TypedAnswers;
  errors: Record<string, string>;
  kept: Record<string, string[]>;
}) {
  const typed = useSignal(typedSoFar(fields) ?? values);
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
      if (problemsOf(form, fields).some(({ path }) => path[0] === changed.key)) return;
      const { [changed.key]: _right, ...others } = wrong.value;
      wrong.value = others;
    };
    const onSubmit = (event: SubmitEvent) => {
      const problems = problemsOf(form, fields);
      if (problems.length === 0) return;
      event.preventDefault();
      typed.value = read(form, fields);
      // The first problem of each field is the one that is shown.
      wrong.value = Object.fromEntries(
        problems.map(({ path, message }) => [String(path[0] ?? ""), message]).reverse(),
      );
      const first = problems[0]?.path[0];
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
  const { answers } = checkAnswers(fields, typed.value);
  return (
    <div data-island="request-form" ref={place} class="form">
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

/** What was typed before the script arrived; undefined on the server. */
function typedSoFar(fields: FormField[]): TypedAnswers | undefined {
  const form = inPage("[data-island=request-form]")[0]?.closest("form");
  return form ? read(form, fields) : undefined;
}

function read(form: HTMLFormElement, fields: FormField[]): TypedAnswers {
  const data = new FormData(form);
  const typed: TypedAnswers = {};
  for (const { key, type } of fields) {
    const texts = data.getAll(answerName(key)).filter((value) => typeof value === "string");
    if (texts.length > 0) typed[key] = type === "choices" ? texts : texts[0];
  }
  return typed;
}

function problemsOf(form: HTMLFormElement, fields: FormField[]): AnswerProblem[] {
  const typed = read(form, fields);
  const data = new FormData(form);
  for (const { key, type } of fields) {
    if (type !== "file" || typed[key]) continue;
    const chosen = data.getAll(answerName(key)).some((value) => value instanceof File && value.size > 0);
    // A file gets its id when it is sent: until then any will do.
    if (chosen) typed[key] = "00000000-0000-0000-0000-000000000000";
  }
  return checkAnswers(fields, typed).problems;
}
