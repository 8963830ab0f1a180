/** Told to the bell when notifications have been read elsewhere on the page. */
export const NOTICES_READ = "notices-read";

/** Whoever has a ticket before them has read what they were notified of by then. */
export async function readNotices(ticketId: string, before: string): Promise<void> {
  const response = await fetch("/v1/notifications/read", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ticketId, before }),
  }).catch(() => null);
  if (!response?.ok) return;
  document.querySelector(".notices-here")?.remove();
  const { unread } = await response.json();
  dispatchEvent(new CustomEvent(NOTICES_READ, { detail: unread }));
}
