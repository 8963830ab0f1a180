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
  "ticket_merged",
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
  /** As the end of a sentence: "We email you when …". */
  when: string;
  /** For staff only. */
  staff?: true;
  /** Whether emails are on by default; in-app notifications are. */
  email: boolean;
}

/** Frequent kinds are in-app only by default. */
export const KIND_FACTS: Readonly<Record<NotificationKind, KindFacts>> = {
  ticket_created: { when: "a ticket is created for you", email: true },
  ticket_assigned: { when: "a ticket is assigned to you", staff: true, email: true },
  ticket_queued: {
    when: "an unassigned ticket arrives or gets a reply in one of your queues",
    staff: true,
    email: false,
  },
  mentioned: { when: "someone mentions you", email: true },
  comment_added: { when: "someone replies to a ticket you're involved in", email: true },
  note_added: { when: "an internal note is added to a ticket you're involved in", staff: true, email: true },
  ticket_resolved: { when: "a ticket you're involved in is resolved", email: true },
  ticket_reopened: { when: "a ticket you're involved in is reopened", email: false },
  ticket_moved: { when: "a ticket you're involved in changes status", email: false },
  ticket_merged: { when: "a ticket you're involved in is merged into another one", email: true },
  ticket_changed: { when: "a ticket you work on or watch is changed", email: false },
  sla_warning: { when: "a ticket is about to breach its SLA", staff: true, email: false },
  sla_breached: { when: "a ticket has breached its SLA", staff: true, email: true },
  rating_received: { when: "your work on a ticket is rated", staff: true, email: false },
};

/** As a line of its own, such as "Someone mentions you". */
export function kindLabel(kind: NotificationKind): string {
  const { when } = KIND_FACTS[kind];
  return when[0]!.toUpperCase() + when.slice(1);
}

export const STAFF_KINDS: readonly NotificationKind[] = NOTIFICATION_KINDS.filter((kind) =>
  KIND_FACTS[kind].staff
);

export const MAILED_KINDS: readonly NotificationKind[] = NOTIFICATION_KINDS.filter((kind) =>
  KIND_FACTS[kind].email
);

export function kindsFor(staff: boolean): NotificationKind[] {
  return NOTIFICATION_KINDS.filter((kind) => staff || !KIND_FACTS[kind].staff);
}
