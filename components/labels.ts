import type { Priority, Role, TicketStatus, Tone } from "./types.ts";

/** What a ticket's state is called on screen. */
export const STATUS_LABELS: Record<TicketStatus, string> = {
  new: "New",
  open: "Open",
  in_progress: "In progress",
  pending: "Pending",
  resolved: "Resolved",
  closed: "Closed",
  cancelled: "Cancelled",
};

/** The tone of each state; the glyph and the word say the same. */
export const STATUS_TONES: Record<TicketStatus, Tone> = {
  new: "blue",
  open: "accent",
  in_progress: "violet",
  pending: "amber",
  resolved: "green",
  closed: "neutral",
  cancelled: "neutral",
};

/** What a priority is called on screen. */
export const PRIORITY_LABELS: Record<Priority, string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  urgent: "Urgent",
};

/** What a role is called on screen. */
export const ROLE_LABELS: Record<Role, string> = {
  REQUESTER: "Requester",
  AGENT: "Agent",
  MANAGER: "Manager",
  ADMIN: "Admin",
};
