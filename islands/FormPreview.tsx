import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { RequestFields } from "@/components/RequestFields.tsx";
import { type DraftField, readDraft, toDefinition } from "@/domain/catalog/draft.ts";

/** The form that is being built, as requesters will see it. */
export function FormPreview({ form, draft }: { form: string; draft: DraftField[] }) {
  const shown = useSignal(draft);
  useEffect(() => {
    const editor = document.getElementById(form) as HTMLFormElement | null;
    if (!editor) return;
    const onInput = () => {
      const values: Record<string, string> = {};
      for (const [name, value] of new FormData(editor)) if (typeof value === "string") values[name] = value;
      shown.value = readDraft(values);
    };
    editor.addEventListener("input", onInput);
    onInput();
    return () => editor.removeEventListener("input", onInput);
  }, [form]);
  const fields = toDefinition(shown.value);
  if (fields.length === 0) {
    return <p data-island class="hint">No questions yet: a request is sent with one click.</p>;
  }
  return (
    <div data-island class="form" inert>
      <RequestFields fields={fields} all={fields} values={{}} errors={{}} live={false} />
    </div>
  );
}
