import { sql } from "@/db/sql.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { AUTHOR, COMMENT_COLUMNS, type CommentRow, toComment } from "@/domain/comments/columns.ts";
import { commentAtEvent, ticketAtEvent } from "./at_event.ts";
import { readUser } from "@/domain/accounts/users.ts";
import { readTicketRow } from "@/domain/tickets/access/read_ticket.ts";
import { toTicket } from "@/domain/tickets/access/ticket_row.ts";
import type { Comment } from "@/domain/tickets/model/types.ts";

export interface WebhookFacts {
  entity: string;
  entityId: string;
  version: number | null;
  internal: boolean;
  actorId: string | null;
  at: string;
  auditId?: string;
  changes: Record<string, unknown>;
}

/**
 * `{type, timestamp, data}`, as Standard Webhooks recommends; `data` has what the event left, and what `GET /v1` shows an
 * admin now.
 */
export async function composePayload(
  cx: Cx,
  { topic, facts, includeInternal }: { topic: string; facts: WebhookFacts; includeInternal: boolean },
): Promise<string> {
  const admin = asAdmin(cx);
  const { entity, entityId, version, internal, actorId, at, changes } = facts;
  const commentId = typeof changes["commentId"] === "string" ? changes["commentId"] : null;
  const isTicket = entity === "ticket";
  const [actor, row, comment, commentThen, user] = await Promise.all([
    actorId === null
      ? null
      : cx.db.first(sql`select id, name from users where tenant_id = ${cx.tenant.id} and id = ${actorId}`),
    isTicket ? readTicketRow(admin, sql`t.id = ${entityId}`) : null,
    isTicket && commentId !== null ? readComment(admin, { id: commentId, includeInternal }) : null,
    isTicket && commentId !== null ? commentAtEvent(cx, { id: commentId, at, includeInternal }) : null,
    entity === "user" ? readUser(admin, entityId) : null,
  ]);
  const ticket = row ? toTicket(admin, row) : null;
  const ticketThen = ticket && await ticketAtEvent(cx, facts, ticket);
  const atEvent = {
    ...(ticketThen ? { ticket: ticketThen } : {}),
    ...(commentThen ? { comment: commentThen } : {}),
  };
  return JSON.stringify({
    type: topic,
    timestamp: new Date(at).toISOString(),
    data: {
      organisation: { id: cx.tenant.id, slug: cx.tenant.slug },
      actor: actor ?? null,
      entity,
      entityId,
      version,
      internal,
      changes,
      ...(Object.keys(atEvent).length > 0 ? { atEvent } : {}),
      ...(ticket ? { ticket } : {}),
      ...(comment ? { comment } : {}),
      ...(user ? { user } : {}),
    },
  });
}

async function readComment(
  cx: UserCx,
  { id, includeInternal }: { id: string; includeInternal: boolean },
): Promise<Comment | null> {
  const row = await cx.db.first<CommentRow & Record<string, unknown>>(
    sql`select ${COMMENT_COLUMNS} from comments c ${AUTHOR}
    where c.tenant_id = ${cx.tenant.id} and c.id = ${id} and (c.visibility = 'public' or ${includeInternal}::boolean)`,
  );
  return row ? toComment(cx, row) : null;
}

/** A context with an admin's permissions. */
function asAdmin(cx: Cx): UserCx {
  return {
    ...cx,
    actor: {
      id: "00000000-0000-0000-0000-000000000000",
      name: "",
      email: "",
      role: "ADMIN",
      locale: cx.tenant.locale,
      timeZone: cx.tenant.timeZone,
      theme: "system",
      queueIds: [],
    },
  };
}
