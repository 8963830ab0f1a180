import type { EventData } from "@/components/TimelineItem.tsx";
import {
  PENDING_LABELS,
  PRIORITY_LABELS,
  STATUS_LABELS,
  TYPE_LABELS,
} from "@/domain/tickets/model/formatting.ts";
import type { PendingReason } from "@/domain/tickets/model/states.ts";
import type { TimelineEntry } from "@/domain/tickets/model/types.ts";

type Change = { from?: unknown; to?: unknown };

/**
 * A status, an assignment, files and fields; null for anything else. `current` is the resolution in force, whose note
 * stands elsewhere; `time` words an instant for the reader.
 */
export function describeChange(
  { id, action, changes }: TimelineEntry,
  { current }: { current: string | undefined },
  time: (iso: string) => string,
): Pick<EventData, "icon" | "parts" | "note"> | null {
  const status = changes.status as Change | undefined;
  if (status && changes.other === undefined) {
    return {
      ...(typeof changes.note === "string" && id !== current ? { note: changes.note } : {}),
      icon: status.to === "resolved" ? "check" : "arrow",
      parts: [
        "changed the status from ",
        word("status", status.from),
        " to ",
        word("status", status.to),
        ...waiting(changes, time),
      ],
    };
  }
  if (action === "ticket.assigned") return { icon: "user", parts: assigned(changes) };
  if (action === "ticket.attached") return { icon: "paperclip", parts: ["attached ", fileNames(changes)] };
  if (action === "ticket.detached") return { icon: "trash", parts: ["deleted ", fileNames(changes)] };
  if (action === "ticket.edited") return { icon: "edit", parts: edited(changes, time) };
  return null;
}

function fileNames({ files }: Record<string, unknown>): string {
  return (files as { name: string }[]).map(({ name }) => name).join(", ");
}

/** Words and names take turns: the odd parts are shown strong. */
function assigned(changes: Record<string, unknown>): string[] {
  const { assignee, queue } = changes as { assignee?: Change; queue?: Change };
  const parts: string[] = [];
  if (assignee) {
    parts.push(assignee.to ? "assigned this to " : "unassigned ", word("", assignee.to ?? assignee.from));
  }
  if (queue) {
    parts.push(
      parts.length > 0 ? " and moved it to " : "moved this to ",
      queue.to ? word("", queue.to) : "no queue",
    );
  }
  return parts;
}

function edited(changes: Record<string, unknown>, time: (iso: string) => string): string[] {
  const fields = Object.entries(changes).filter(([name]) => name !== "note");
  if (fields.length > 0 && fields.every(([name]) => name.startsWith("pending"))) {
    return rewaited(changes, time);
  }
  const [field, change] = fields[0] ?? ["ticket", true];
  const { from, to } = (typeof change === "object" && change !== null ? change : {}) as Change;
  if (fields.length > 1 || ["tags", "description", "ticket"].includes(field)) {
    return ["changed ", fields.map(([name]) => FIELDS[name] ?? name).join(", ")];
  }
  return [`changed ${FIELDS[field] ?? field} from `, word(field, from), " to ", word(field, to)];
}

const FIELDS: Readonly<Record<string, string>> = {
  pendingReason: "what it waits for",
  pendingUntil: "when it opens again",
};

function word(field: string, value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "object" && "name" in value) return String(value.name);
  if (field === "status") return STATUS_LABELS[value as keyof typeof STATUS_LABELS] ?? String(value);
  if (field === "priority") return PRIORITY_LABELS[value as keyof typeof PRIORITY_LABELS] ?? String(value);
  if (field === "type") return TYPE_LABELS[value as keyof typeof TYPE_LABELS] ?? String(value);
  if (field === "pendingReason") return PENDING_LABELS[value as keyof typeof PENDING_LABELS] ?? String(value);
  return String(value);
}

/** What a pending ticket waits for from then on, and until when. */
function rewaited(
  { pendingReason: reason, pendingUntil: until }: Record<string, unknown>,
  time: (iso: string) => string,
): string[] {
  const to = (until as Change | undefined)?.to;
  const end = typeof to === "string" ? [" until ", time(to)] : until ? [" without a date"] : [];
  if (!reason) {
    return end.length === 2
      ? ["made this wait until ", end[1]!]
      : ["removed the date until which this waits"];
  }
  return ["changed this to ", word("pendingReason", (reason as Change).to), ...end];
}

/** What a ticket that became pending waits for, as words and strong words in turns. */
function waiting(
  { reason, until }: Record<string, unknown>,
  time: (iso: string) => string,
): string[] {
  const parts = reason === undefined || reason === "scheduled"
    ? []
    : [": ", PENDING_LABELS[reason as PendingReason] ?? String(reason)];
  return typeof until === "string"
    ? [...parts, parts.length > 0 ? " until " : ", until ", time(until)]
    : parts;
}
