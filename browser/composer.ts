export type Visibility = "public" | "internal";

export function visibilityOf(form: HTMLFormElement): Visibility {
  return new FormData(form).get("visibility") === "internal" ? "internal" : "public";
}

/** Whether there is an unsent reply on this page. */
export function isReplying(): boolean {
  if (typeof document === "undefined") return false;
  return (document.querySelector<HTMLTextAreaElement>(".composer textarea")?.value.trim() ?? "") !== "";
}

export function announceInput(box: HTMLTextAreaElement): void {
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export function insertParagraph(box: HTMLTextAreaElement, text: string): void {
  const before = box.value.slice(0, box.selectionStart);
  const space = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  box.setRangeText(space + text, box.selectionStart, box.selectionEnd, "end");
  announceInput(box);
  box.focus();
}
