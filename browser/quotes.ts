import { quoteText } from "@/domain/comments/quote.ts";
import { announceInput, type Visibility } from "./composer.ts";

export interface Quotable {
  body: string;
  visibility: Visibility;
}

/** @param id of a comment, or "description" */
export async function readQuotable(ticketId: string, id: string): Promise<Quotable> {
  const ticket = `/v1/tickets/${ticketId}`;
  const response = await fetch(id === "description" ? ticket : `${ticket}/comments/${id}`);
  if (!response.ok) throw new Error(`Cannot quote: ${response.status}`);
  const { body, description, visibility } = await response.json();
  return { body: body ?? description, visibility: visibility ?? "public" };
}

/** Appends a quote to the reply. Quoting a note makes the reply a note, so that nobody publishes it unseen. */
export function appendQuote(form: HTMLFormElement, { body, visibility }: Quotable): void {
  const box = form.querySelector("textarea")!;
  const note = form.querySelector<HTMLInputElement>("input[name=visibility][value=internal]");
  if (visibility === "internal" && note && !note.checked) {
    note.checked = true;
    note.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const typed = box.value.trimEnd();
  box.value = `${typed === "" ? "" : `${typed}\n\n`}${quoteText(body)}`;
  announceInput(box);
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}
