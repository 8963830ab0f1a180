import type { Level, Priority } from "./priority.ts";
import type { PendingReason, Status } from "./states.ts";

export const TYPES = ["incident", "service_request"] as const;
export type TicketType = (typeof TYPES)[number];

export const KEY_PREFIX: Readonly<Record<TicketType, string>> = { incident: "INC-", service_request: "REQ-" };

/** `INC-1042` */
export function ticketKey(type: TicketType, number: number): string {
  return `${KEY_PREFIX[type]}${number}`;
}

/** The number in a key, with any prefix: one counter numbers all types. Null for anything that isn't a key. */
export function parseKey(text: string): number | null {
  const digits = /^(?:INC|REQ)-(\d{1,15})$/i.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

export const TYPE_LABELS: Readonly<Record<TicketType, string>> = {
  incident: "Incident",
  service_request: "Service request",
};

export const STATUS_LABELS: Readonly<Record<Status, string>> = {
  new: "New",
  open: "Open",
  in_progress: "In progress",
  pending: "Pending",
  resolved: "Resolved",
  closed: "Closed",
  cancelled: "Cancelled",
};

export const PRIORITY_LABELS: Readonly<Record<Priority, string>> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  urgent: "Urgent",
};

export const LEVEL_LABELS: Readonly<Record<Level, string>> = { low: "Low", medium: "Medium", high: "High" };

export const PENDING_LABELS: Readonly<Record<PendingReason, string>> = {
  requester: "Waiting for the requester",
  vendor: "Waiting for a vendor",
  scheduled: "Scheduled",
};

/** `1,000+` for a count that stopped at its cap. */
export function countLabel({ count, capped }: { count: number; capped: boolean }): string {
  return `${count.toLocaleString("en")}${capped ? "+" : ""}`;
}

/** The beginning of a text on one line, cut at a word. */
export function excerpt(text: string, length = 280): string {
  const line = text.slice(0, length * 4).replaceAll(/\s+/g, " ").trim();
  if (line.length <= length) return line;
  const cut = line.slice(0, length).toWellFormed();
  const word = cut.lastIndexOf(" ");
  return `${word > length / 2 ? cut.slice(0, word) : cut}…`;
}

/** {@link excerpt} of Markdown without its marks. */
export function plainExcerpt(text: string, length = 280): string {
  const beginning = text.slice(0, length * 4);
  return excerpt(beginning.replaceAll(/[*`~]+/g, "").replaceAll(/^[>#\s]+/gm, " "), length);
}
