import { changeDraft, type DraftField, readDraft, toDefinition } from "@/domain/catalog/draft.ts";
import type { FormState, FormValues } from "@/pages/forms.ts";

/** The button of the editor that was pressed; Enter saves. */
function pressed({ do: button }: FormValues): string {
  return typeof button === "string" ? button : "save";
}

/** How the editor's form is read: its buttons add, move and remove questions without saving anything. */
export const editorForm = {
  again: (values: FormValues): boolean => pressed(values) !== "save",
  prepare: (values: FormValues) => ({ ...values, fields: toDefinition(readDraft(values)) }),
};

/** The questions as they were sent, changed by the button pressed; `saved` before anything was sent. */
export function draftOf({ sent }: FormState, saved: DraftField[]): DraftField[] {
  return sent ? changeDraft(readDraft(sent), pressed(sent)) : saved;
}
