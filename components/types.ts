/** Small shapes that components share. Pages map domain objects to these. */

/** The states of a ticket. */
export type TicketStatus = "new" | "open" | "in_progress" | "pending" | "resolved" | "closed" | "cancelled";

/** How soon a ticket wants attention. */
export type Priority = "low" | "medium" | "high" | "urgent";

/** The roles of a user. */
export type Role = "REQUESTER" | "AGENT" | "MANAGER" | "ADMIN";

/** What a mark means; each tone has ink, ground and line in tokens.css. */
export type Tone = "neutral" | "accent" | "blue" | "violet" | "amber" | "green" | "red";

/** A person as shown to others. */
export interface Person {
  id: string;
  name: string;
  /** Where another person has the same name. */
  address?: string | undefined;
}

/** A moment, already worded for the reader's locale and time zone. `iso` is RFC 3339 in UTC. */
export interface Moment {
  iso: string;
  absolute: string;
  relative: string;
}

/** One choice of a select, menu or segmented control. */
export interface Option {
  value: string;
  label: string;
  count?: number | string | undefined;
}

/** A mistake in a form: the field's name ("" = the form as a whole) and what to do about it. */
export interface FieldError {
  field: string;
  message: string;
}
