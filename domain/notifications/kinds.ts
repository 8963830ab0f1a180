/** What people are told of, each by page, by e-mail, or not at all. */
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

/** What admins are told of, by page and by e-mail, whatever they chose: it is about no ticket. */
export const ADMIN_NOTICES = ["webhook_disabled"] as const;
export type AdminNotice = typeof ADMIN_NOTICES[number];

/** The ways a notification reaches a person. */
export const CHANNELS = ["inApp", "email"] as const;
export type Channel = typeof CHANNELS[number];

interface KindFacts {
  /** What happens, as a person reads it in their preferences. */
  label: string;
  /** Only who works for others is told of it. */
  staff?: true;
  /** Whether an e-mail is sent unless the person chose; everything is shown in the product unless they chose. */
  email: boolean;
}

/** What each kind is. What would fill a mailbox is told in the product alone, unless somebody asks for it. */
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

/** Kinds that only staff are told of. */
export const STAFF_KINDS: readonly NotificationKind[] = NOTIFICATION_KINDS.filter((kind) =>
  KIND_FACTS[kind].staff
);

/** Kinds that are mailed unless the person chose. */
export const MAILED_KINDS: readonly NotificationKind[] = NOTIFICATION_KINDS.filter((kind) =>
  KIND_FACTS[kind].email
);

/** The kinds a person can be told of, by whether they are staff. */
export function kindsFor(staff: boolean): NotificationKind[] {
  return NOTIFICATION_KINDS.filter((kind) => staff || !KIND_FACTS[kind].staff);
}
