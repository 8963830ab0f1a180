import type { Actor, Cx, Role, UserCx } from "./cx.ts";
import { DomainError } from "./errors.ts";

/** Each list is named for the least role in it. */
export const ANYONE: readonly Role[] = ["REQUESTER", "AGENT", "MANAGER", "ADMIN"];
export const STAFF: readonly Role[] = ["AGENT", "MANAGER", "ADMIN"];
export const MANAGERS: readonly Role[] = ["MANAGER", "ADMIN"];
export const ADMINS: readonly Role[] = ["ADMIN"];
/** Whoever isn't among them is told that there is no such thing. */
export const REPORT_READERS: readonly Role[] = ["AGENT", "MANAGER", "ADMIN"];

export function isStaff(role: Role): boolean {
  return role !== "REQUESTER";
}

/** @throws DomainError forbidden unless the actor has one of `roles`; not_found unless they read reports */
export function assertRole(cx: UserCx, roles: readonly Role[]): void {
  if (roles.includes(cx.actor.role)) return;
  throw new DomainError(roles === REPORT_READERS ? "not_found" : "forbidden");
}

export interface TicketAudience {
  requesterId: string;
  assigneeId: string | null;
  queueId: string | null;
  /** Whether the actor is its requester or a watcher. */
  participates: boolean;
}

/** `confined`: those in `queueIds`, in no queue, assigned to them, or that they take part in; `own`: the last only. */
export type TicketVisibility = { kind: "all" } | { kind: "confined"; queueIds: string[] } | { kind: "own" };

/** A null actor is the system, which sees every ticket of the tenant. */
export function ticketVisibility(
  tenant: Pick<Cx["tenant"], "agentsSeeAll">,
  actor: Pick<Actor, "role" | "queueIds"> | null,
): TicketVisibility {
  if (actor === null) return { kind: "all" };
  if (actor.role === "REQUESTER") return { kind: "own" };
  if (actor.role === "AGENT" && !tenant.agentsSeeAll) return { kind: "confined", queueIds: actor.queueIds };
  return { kind: "all" };
}

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

export interface TicketAbilities {
  /** Everything that staff do: triage, assign, change any status, write internal notes. */
  work: boolean;
  edit: boolean;
  comment: boolean;
  /** Reopen or cancel it as its requester. */
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
