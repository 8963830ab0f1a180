import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import type { AdminNotice, NotificationKind } from "./kinds.ts";

export interface NotificationFacts {
  commentId?: string;
  to?: Status;
  metric?: "first_response" | "resolution";
  percent?: number;
  rating?: number;
  endpointId?: string;
  host?: string;
}

/** A short sentence such as "Ana replied"; `actor` is null for the system. */
export function notificationText(
  kind: NotificationKind | AdminNotice,
  facts: NotificationFacts,
  actor: string | null,
): string {
  const who = actor ?? "System";
  const state = facts.to === undefined ? undefined : STATUS_LABELS[facts.to].toLowerCase();
  switch (kind) {
    case "ticket_created":
      return `${who} created a ticket for you`;
    case "ticket_assigned":
      return `${who} assigned this to you`;
    case "ticket_queued":
      return facts.commentId ? `${who} replied to an unassigned ticket` : `${who} added this to your queue`;
    case "mentioned":
      return `${who} mentioned you`;
    case "comment_added":
      return `${who} replied${facts.to === "open" ? " and reopened it" : ""}`;
    case "note_added":
      return `${who} added an internal note`;
    case "ticket_resolved":
      return `${who} resolved this`;
    case "ticket_reopened":
      return `${who} reopened this`;
    case "ticket_moved":
      return `${who} changed the status to ${state ?? "another one"}`;
    case "ticket_merged":
      return `${who} merged this into another ticket`;
    case "ticket_changed":
      return `${who} updated this`;
    case "sla_warning":
      return `The ${clockOf(facts)} is due soon. ${facts.percent ?? 75}% of the time has elapsed`;
    case "sla_breached":
      return `The ${clockOf(facts)} target was breached`;
    case "webhook_disabled":
      return `The webhook to ${facts.host ?? "an endpoint"} was disabled`;
    case "rating_received":
      return facts.rating === undefined ? `${who} rated this` : `${who} rated this ${facts.rating} of 5`;
  }
}

function clockOf({ metric }: NotificationFacts): string {
  return metric === "first_response" ? "first response" : "resolution";
}

export function unreadLabel({ count, capped }: { count: number; capped: boolean }): string {
  return capped ? `${count}+` : String(count);
}
