/** Tickets past every form, for what has to stay bounded however many there are. */
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";

/** Open tickets of `requester`, assigned to `assignee` in `queue`, a line of text each. @returns their ids */
export async function makeTickets(desk: Desk, { many, requester, assignee, queue }: {
  many: number;
  requester: Client;
  assignee?: Client;
  queue?: string;
}): Promise<string[]> {
  const rows = await desk.look<{ id: string }>(
    `with counter as (
      update ticket_counters set last = last + $2 where tenant_id = $1 returning last - $2::bigint as first
    ), made as (
      insert into tickets (tenant_id, number, type, title, description, status, impact, urgency, priority, requester_id,
        assignee_id, queue_id, source)
      select $1, first + n, 'incident', 'Printer ' || n, '', 'open', 'low', 'low', 'low', $3, $4, $5, 'api'
      from counter, generate_series(1, $2::int) n returning *
    ), taking_part as (
      insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
      select tenant_id, id, requester_id, 'requester', status, created_at, updated_at from made
    )
    select id from made order by number`,
    [requester.tenant.id, many, requester.user.id, assignee?.user.id ?? null, queue ?? null],
  );
  return rows.map(({ id }) => id);
}

export async function watchAll(desk: Desk, tickets: string[], watcher: Client): Promise<void> {
  await desk.look(
    `insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
    select t.tenant_id, t.id, $2, 'watcher', t.status, t.created_at, t.updated_at
    from tickets t where t.id = any($1::uuid[])`,
    [tickets, watcher.user.id],
  );
}

/** How many rows of all tables the transaction wrote that last changed this user. */
export async function rowsOfLastChange(desk: Desk, userId: string): Promise<number> {
  const [{ xid }] = await desk.look<{ xid: string }>("select xmin::text as xid from users where id = $1", [
    userId,
  ]) as [{ xid: string }];
  const tables = await desk.look<{ name: string }>(
    "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  );
  const counts = tables.map(({ name }) =>
    `select count(*)::int as n from ${name} where xmin::text = '${xid}'`
  );
  const [row] = await desk.look<{ n: number }>(
    `select sum(n)::int as n from (${counts.join(" union all ")}) x`,
  );
  return row!.n;
}
