import type { Role, TicketStatus, Tone } from "./types.ts";

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

/** What a role is called on screen. */
export const ROLE_LABELS: Record<Role, string> = {
  REQUESTER: "Requester",
  AGENT: "Agent",
  MANAGER: "Manager",
  ADMIN: "Admin",
};
