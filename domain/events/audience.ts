import {
  canSeeTicket,
  isStaff,
  STAFF,
  type TicketVisibility,
  ticketVisibility,
} from "@/domain/permissions.ts";
import { ADMINS } from "@/domain/permissions.ts";
import type { Actor, Cx, Role } from "@/domain/cx.ts";
import type { Entity } from "@/domain/shared/entities.ts";

/** Somebody who listens, as far as what they may see goes. */
export interface Principal {
  userId: string;
  role: Role;
  scope: TicketVisibility;
}

/** Who may see a ticket now, whatever it was when the event happened. */
export interface EventTicket {
  requesterId: string;
  assigneeId: string | null;
  queueId: string | null;
  /** Requester and watchers. */
  participantIds: string[];
}

/** What is asked of an event to tell who may know of it. */
export interface EventAudience {
  entity: string;
  internal: boolean;
  /** Null where the entity is no ticket. */
  ticket: EventTicket | null;
}

/**
 * Who reads what isn't a ticket, as the reads of /v1 have it; nobody is told live of what isn't here, as what belongs
 * to one person.
 */
const READERS: Partial<Record<Entity, readonly Role[]>> = {
  queue: STAFF,
  category: STAFF,
  catalog_item: STAFF,
  calendar: STAFF,
  sla_policy: STAFF,
  macro: STAFF,
  user: ADMINS,
  invitation: ADMINS,
  tenant: ADMINS,
  webhook_endpoint: ADMINS,
};

export function principalOf(tenant: Pick<Cx["tenant"], "agentsSeeAll">, actor: ActorScope): Principal {
  return { userId: actor.id, role: actor.role, scope: ticketVisibility(tenant, actor) };
}

type ActorScope = Pick<Actor, "id" | "role" | "queueIds">;

/** Whether somebody may be told of an event: if, and only if, they may read what it is about. */
export function canReceive(
  { userId, role, scope }: Principal,
  { entity, internal, ticket }: EventAudience,
): boolean {
  if (internal && !isStaff(role)) return false;
  if (entity !== "ticket") return READERS[entity as Entity]?.includes(role) ?? false;
  if (!ticket) return false;
  const { participantIds, ...rest } = ticket;
  return canSeeTicket(scope, { id: userId }, { ...rest, participates: participantIds.includes(userId) });
}
