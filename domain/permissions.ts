import type { Actor, Cx, Role, UserCx } from "./cx.ts";
import { DomainError } from "./errors.ts";

/** Roles by what they may at least do; each list is named for its weakest member. */
export const ANYONE: readonly Role[] = ["REQUESTER", "AGENT", "MANAGER", "ADMIN"];
export const STAFF: readonly Role[] = ["AGENT", "MANAGER", "ADMIN"];
export const MANAGERS: readonly Role[] = ["MANAGER", "ADMIN"];
export const ADMINS: readonly Role[] = ["ADMIN"];

/** Whether a role works for others: sees internal notes, triages, assigns. */
export function isStaff(role: Role): boolean {
  return role !== "REQUESTER";
}

/** @throws DomainError forbidden unless the actor has one of `roles` */
export function assertRole(cx: UserCx, roles: readonly Role[]): void {
  if (!roles.includes(cx.actor.role)) throw new DomainError("forbidden");
}

/** What is asked of a ticket to tell who may see it. */
export interface TicketAudience {
  requesterId: string;
  assigneeId: string | null;
  queueId: string | null;
  /** Whether the actor is its requester or a watcher. */
  participates: boolean;
}

/**
 * Which tickets an actor may see: every list, count, search and single read is cut to this.
 *
 * `all`; or those in `queueIds`, in no queue, assigned to the actor or taken part in (`confined`); or those taken part
 * in alone (`own`).
 */
export type TicketVisibility = { kind: "all" } | { kind: "confined"; queueIds: string[] } | { kind: "own" };

/** The scope of an actor; null is the system itself, which sees every ticket of the tenant. */
export function ticketVisibility(
  tenant: Pick<Cx["tenant"], "agentsSeeAll">,
  actor: Pick<Actor, "role" | "queueIds"> | null,
): TicketVisibility {
  if (actor === null) return { kind: "all" };
  if (actor.role === "REQUESTER") return { kind: "own" };
  if (actor.role === "AGENT" && !tenant.agentsSeeAll) return { kind: "confined", queueIds: actor.queueIds };
  return { kind: "all" };
}

/** Whether the scope holds the ticket. */
export function canSeeTicket(
  scope: TicketVisibility,
  actor: Pick<Actor, "id"> | null,
  ticket: TicketAudience,
): boolean {
  if (scope.kind === "all" || ticket.participates) return true;
  if (scope.kind === "own") return false;
  return ticket.assigneeId === actor?.id || ticket.queueId === null ||
    scope.queueIds.includes(ticket.queueId);
}

/** What a person may do with a ticket they see, computed once and handed to pages. */
export interface TicketAbilities {
  /** Triage, assign, transition freely, set priority, write internal notes. */
  work: boolean;
  /** Change title and description. */
  edit: boolean;
  /** Comment in public. */
  comment: boolean;
  /** Reopen or cancel as the person it is for. */
  own: boolean;
}

export function ticketAbilities(
  actor: Actor,
  ticket: { requesterId: string; status: string },
): TicketAbilities {
  const work = isStaff(actor.role);
  const own = ticket.requesterId === actor.id;
  return { work, own, edit: work || own && ticket.status === "new", comment: true };
}
