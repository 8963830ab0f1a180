/** Told to the bell when notifications have been read elsewhere on the page. */
export const NOTICES_READ = "notices-read";

/** Up to when what is unread about the page's ticket was counted; null when nothing is unread. */
export function unreadBefore(page: Document): string | null {
  return page.querySelector<HTMLInputElement>('.notices-here [name="before"]')?.value ?? null;
}

/** Whoever has a ticket before them has read what they were notified of by then. @returns whether that is stored */
export async function readNotices(ticketId: string, before: string): Promise<boolean> {
  const response = await fetch("/v1/notifications/read", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticketId, before }),
  }).catch(() => null);
  if (!response?.ok) return false;
  document.querySelector(".notices-here")?.remove();
  const { unread } = await response.json();
  dispatchEvent(new CustomEvent(NOTICES_READ, { detail: unread }));
  return true;
}
