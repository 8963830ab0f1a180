/** Writes random tickets as rows, each table in one statement. */
import { act } from "@/domain/cx.ts";
import { insertClocks } from "@/domain/sla/tracking/save_clocks.ts";
import type { RandomPlace } from "./random_place.ts";
import type { RandomTicket } from "./random_tickets.ts";

/** The first one takes in those that are merged, and must not be merged itself. */
export async function writeTickets(place: RandomPlace, tickets: readonly RandomTicket[]): Promise<void> {
  const { desk, tenantId } = place;
  const into = tickets[0]!.facts.id;
  const write = (text: string, rows: unknown[]) =>
    desk.look(text.replace("$rows", "jsonb_to_recordset($2::jsonb) as g"), [tenantId, JSON.stringify(rows)]);
  await write(
    `insert into tickets (tenant_id, id, number, type, title, description, status, pending_reason, impact, urgency,
        priority, category_id, queue_id, requester_id, assignee_id, source, created_at, updated_at, resolved_at,
        closed_at, merged_at, merged_into)
      select $1::uuid, id, number, type, title, '', status, case when status = 'pending' then 'vendor' end, 'medium',
        'medium', priority, "categoryId", "queueId", "requesterId", "assigneeId", source, created, updated, resolved,
        closed, merged, "into"
      from $rows (id uuid, number bigint, type text, title text, status text, priority text, "categoryId" uuid,
        "queueId" uuid, "requesterId" uuid, "assigneeId" uuid, source text, created timestamptz, updated timestamptz,
        resolved timestamptz, closed timestamptz, merged timestamptz, "into" uuid)`,
    tickets.map(({ facts, source, created, audit, resolvedAt, closedAt, merged }, i) => ({
      ...facts,
      number: 1001 + i,
      source,
      created,
      updated: audit.at(-1)!.at,
      resolved: resolvedAt,
      closed: closedAt,
      merged: merged?.at ?? null,
      into: merged ? into : null,
    })),
  );
  const each = <T>(rows: (ticket: RandomTicket) => T[]) =>
    tickets.flatMap((ticket) => rows(ticket).map((row) => ({ ticket: ticket.facts.id, ...row })));
  await write(
    `insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, internal, changes)
      select $1::uuid, id, at, "actorId", action, 'ticket', "entityId", internal, changes
      from $rows (id uuid, at timestamptz, "actorId" uuid, action text, "entityId" uuid, internal boolean,
        changes jsonb)`,
    tickets.flatMap(({ audit }) => audit),
  );
  await write(
    `insert into comments (tenant_id, id, ticket_id, author_id, visibility, body, created_at)
      select $1::uuid, id, ticket, by, visibility, 'Hello', at
      from $rows (id uuid, ticket uuid, by uuid, visibility text, at timestamptz)`,
    each(({ comments }) => comments),
  );
  await write(
    `insert into ticket_tags (tenant_id, ticket_id, tag) select $1::uuid, ticket, tag
      from $rows (ticket uuid, tag text)`,
    each(({ tags }) => tags.map((tag) => ({ tag }))),
  );
  await write(
    `insert into ticket_ratings (tenant_id, ticket_id, score, requester_id, created_at, updated_at)
      select $1::uuid, ticket, score, requester, at, at
      from $rows (ticket uuid, score smallint, requester uuid, at timestamptz)`,
    each(({ score, facts }) => score ? [{ ...score, requester: facts.requesterId }] : []),
  );
  await write(
    `insert into catalog_requests (tenant_id, ticket_id, item_id, item_version, item_name, fields, answers)
      select $1::uuid, ticket, item, 1, 'A new laptop', '[]', '[]' from $rows (ticket uuid, item uuid)`,
    each(({ item }) => item ? [{ item }] : []),
  );
  await act(desk.request(), { kind: "system", tenantId }, async (cx) => {
    for (const { clocks, ledger } of tickets) {
      if (clocks) await insertClocks(cx, { ...clocks, entries: ledger });
    }
  });
}
