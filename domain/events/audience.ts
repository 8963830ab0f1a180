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

export interface Principal {
  userId: string;
  role: Role;
  scope: TicketVisibility;
}

/** The ticket as it is now, whatever it was at the time of the event. */
export interface EventTicket {
  requesterId: string;
  assigneeId: string | null;
  queueId: string | null;
  /** Requester and watchers. */
  participantIds: string[];
}

export interface EventAudience {
  entity: string;
  internal: boolean;
  /** Null for other entities. */
  ticket: EventTicket | null;
}

/** Who may receive events about other entities, as in the reads of /v1; nobody if not listed. */
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

/** Whether a principal may receive an event: only if they may read what it is about. */
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
