export const NOTIFICATION_KINDS = [
  "ticket_created",
  "ticket_assigned",
  "ticket_queued",
  "mentioned",
  "comment_added",
  "note_added",
  "ticket_resolved",
  "ticket_reopened",
  "ticket_moved",
  "ticket_changed",
  "sla_warning",
  "sla_breached",
  "rating_received",
] as const;

export type NotificationKind = typeof NOTIFICATION_KINDS[number];

/** Notifications to admins that can't be turned off. */
export const ADMIN_NOTICES = ["webhook_disabled"] as const;
export type AdminNotice = typeof ADMIN_NOTICES[number];

export const CHANNELS = ["inApp", "email"] as const;
export type Channel = typeof CHANNELS[number];

interface KindFacts {
  /** As shown in preferences. */
  label: string;
  /** For staff only. */
  staff?: true;
  /** Whether emails are on by default; in-app notifications are. */
  email: boolean;
}

/** Frequent kinds are in-app only by default. */
export const KIND_FACTS: Readonly<Record<NotificationKind, KindFacts>> = {
  ticket_created: { label: "A ticket is created for me", email: true },
  ticket_assigned: { label: "A ticket is assigned to me", staff: true, email: true },
  ticket_queued: {
    label: "An unassigned ticket arrives or gets a reply in one of my queues",
    staff: true,
    email: false,
  },
  mentioned: { label: "Someone mentions me", email: true },
  comment_added: { label: "Someone replies to a ticket I'm involved in", email: true },
  note_added: { label: "An internal note is added to a ticket I'm involved in", staff: true, email: true },
  ticket_resolved: { label: "A ticket I'm involved in is resolved", email: true },
  ticket_reopened: { label: "A ticket I'm involved in is reopened", email: false },
  ticket_moved: { label: "A ticket I'm involved in changes status", email: false },
  ticket_changed: { label: "A ticket I work on or watch is changed", email: false },
  sla_warning: { label: "A ticket is about to breach its SLA", staff: true, email: false },
  sla_breached: { label: "A ticket has breached its SLA", staff: true, email: true },
  rating_received: { label: "My work on a ticket is rated", staff: true, email: false },
};

export const STAFF_KINDS: readonly NotificationKind[] = NOTIFICATION_KINDS.filter((kind) =>
  KIND_FACTS[kind].staff
);

export const MAILED_KINDS: readonly NotificationKind[] = NOTIFICATION_KINDS.filter((kind) =>
  KIND_FACTS[kind].email
);

export function kindsFor(staff: boolean): NotificationKind[] {
  return NOTIFICATION_KINDS.filter((kind) => staff || !KIND_FACTS[kind].staff);
}
