export interface Mentionable {
  id: string;
  name: string;
  email?: string;
  /** What is inserted for the person. */
  text: string;
  reads: boolean;
}

/** `@` and the beginning of a name, right before the caret. */
const MENTION = /(?:^|[^\p{L}\p{N}_@])@([\p{L}\p{N}_'’.-]*(?: [\p{L}\p{N}_'’.-]+){0,2})$/u;
const MOST_CHARACTERS = 80;

/** What was typed of a name behind `@`, right before the caret; null when nobody is being mentioned. */
export function mentionBefore(box: HTMLTextAreaElement): string | null {
  if (box.selectionStart !== box.selectionEnd) return null;
  const before = box.value.slice(Math.max(0, box.selectionStart - MOST_CHARACTERS), box.selectionStart);
  return MENTION.exec(before)?.[1] ?? null;
}

/** None when the server refuses. Rejects when `signal` aborts. */
export async function findMentionable(
  { ticketId, q, visibility, signal }: {
    ticketId: string;
    q: string;
    visibility: string;
    signal: AbortSignal;
  },
): Promise<Mentionable[]> {
  const query = new URLSearchParams({ q, visibility });
  const response = await fetch(`/v1/tickets/${ticketId}/mentions?${query}`, { signal });
  return response.ok ? (await response.json()).items : [];
}
