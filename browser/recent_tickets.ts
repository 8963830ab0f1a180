/** The tickets that were opened last, kept for this tab alone. */

const MOST = 5;

export interface RecentTicket {
  key: string;
  title: string;
}

/** Adds the ticket that this page shows, if it shows one. `user` is the person's id. */
export function rememberTicket(user: string): void {
  const key = /^\/tickets\/([A-Z]+-\d+)$/.exec(location.pathname)?.[1];
  const title = document.querySelector("main h1")?.textContent;
  if (!key || !title) return;
  const list = [{ key, title }, ...recentTickets(user).filter((one) => one.key !== key)];
  try {
    sessionStorage.setItem(storageKey(user), JSON.stringify(list.slice(0, MOST)));
  } catch {
    // The browser stores nothing for this site.
  }
}

export function recentTickets(user: string): RecentTicket[] {
  try {
    const list = JSON.parse(sessionStorage.getItem(storageKey(user)) ?? "[]") as RecentTicket[];
    return list.map(({ key, title }) => ({ key, title: String(title) }));
  } catch {
    return [];
  }
}

function storageKey(user: string): string {
  return `recent:${user}`;
}
