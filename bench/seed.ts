import type pg from "pg";
import { createHash } from "node:crypto";
import { seedClocks, seedPromise } from "./seed_sla.ts";

/** How many tenants of how many tickets the bench fills. */
export interface Plan {
  tenants: number;
  tickets: number;
  /** Tickets alone, without what was said and done in them. */
  silent?: true;
  /** SQL for title and description of ticket `i`, where others are wanted. */
  texts?: { title: string; description: string };
}

/** The size that the speed bars are measured at. */
export const FULL: Plan[] = [{ tenants: 4, tickets: 50_000 }, { tenants: 16, tickets: 1_000 }];

/** The secret in every seeded session cookie: 43 characters of base64url. */
export const SESSION_SECRET = "bench".padEnd(43, "A");

/** Tickets of each tenant with exactly fifty comments, and as many others that the bench writes comments to. */
export const SPECIAL = 20;

/** One tenant as the scenarios need it. */
export interface SeededTenant {
  id: string;
  slug: string;
  tickets: number;
  /** Sessions of people, by what they may do. */
  agents: Seat[];
  requesters: Seat[];
  categories: string[];
  queues: string[];
  /** Tickets with exactly fifty comments. */
  deep: SeededTicket[];
  /** Tickets in progress, to be commented on. */
  targets: SeededTicket[];
}

export interface Seat {
  userId: string;
  sessionId: string;
}

export interface SeededTicket {
  id: string;
  key: string;
}

const TEXTS = {
  title: "'Ticket ' || i || ': the printer on floor ' || i % 40 || ' does not answer'",
  description:
    "repeat('It worked yesterday. Since this morning every job waits in the queue and nothing comes out. ', 4)",
};

/** SQL for a whole number from 0 below `below` that follows from `seed`: the same rows in every run. */
export const pick = (seed: string, below: string) =>
  `mod(hashint4(${seed})::bigint + 2147483648, ${below})::int`;

/**
 * Fills the database with whole tenants, by set-based SQL past triggers and row security; counts, counters and
 * participants are as the product would have kept them.
 *
 * @param admin a superuser's connection
 * @param passwordHash the hash every seeded person signs in with, in PHC format
 */
export async function seed(admin: pg.Client, plans: Plan[], passwordHash: string): Promise<SeededTenant[]> {
  const tenants: SeededTenant[] = [];
  await admin.query("set session_replication_role = replica; set synchronous_commit = off");
  for (const plan of plans) {
    for (let i = 0; i < plan.tenants; i++) {
      const slug = `bench-${plan.tickets}-${i + 1}`;
      tenants.push(await seedTenant(admin, { ...plan, slug, passwordHash }));
    }
  }
  await admin.query("reset session_replication_role; reset synchronous_commit");
  await admin.query("vacuum analyze");
  await admin.query("checkpoint");
  return tenants;
}

async function seedTenant(
  admin: pg.Client,
  { slug, tickets, silent, texts, passwordHash }: Omit<Plan, "tenants"> & {
    slug: string;
    passwordHash: string;
  },
): Promise<SeededTenant> {
  const { rows: [tenant] } = await admin.query<{ id: string }>(
    "insert into tenants (slug, name) values ($1, $1) returning id",
    [slug],
  );
  const id = tenant!.id;
  const staff = tickets >= 10_000 ? 50 : 10;
  const requesters = tickets >= 10_000 ? 1000 : 50;
  await admin.query("begin");
  await seedPeople(admin, { id, slug, staff, requesters, passwordHash });
  await seedDesk(admin, id);
  await seedPromise(admin, id);
  await seedTickets(admin, { id, tickets, staff, requesters, texts: texts ?? TEXTS });
  if (!silent) await seedClocks(admin, id);
  if (!silent) await seedTalk(admin, { id, tickets, staff });
  await admin.query("commit");
  return { id, slug, tickets, ...await read(admin, id, tickets) };
}

async function seedPeople(
  admin: pg.Client,
  { id, slug, staff, requesters, passwordHash }: {
    id: string;
    slug: string;
    staff: number;
    requesters: number;
    passwordHash: string;
  },
): Promise<void> {
  await admin.query(
    `insert into users (tenant_id, email, name, role, password_hash, email_verified_at)
     select $1, 'person' || n || '@' || $2 || '.example', 'Person ' || n,
       case when n = 1 then 'ADMIN' when n = 2 then 'MANAGER' when n <= $3 then 'AGENT' else 'REQUESTER' end, $5, now()
     from generate_series(1, $3::int + $4::int) n`,
    [id, slug, staff, requesters, passwordHash],
  );
  const secret = createHash("sha256").update(SESSION_SECRET).digest();
  await admin.query(
    `insert into sessions (tenant_id, user_id, secret_hash, expires_at)
     select tenant_id, id, $2, now() + interval '30 days' from users
     where tenant_id = $1 and substr(name, 8)::int <= $3::int + 50`,
    [id, secret, staff],
  );
  await admin.query("create temp table if not exists person (n int primary key, id uuid)");
  await admin.query("truncate person");
  await admin.query(
    "insert into person select substr(name, 8)::int, id from users where tenant_id = $1",
    [id],
  );
  await admin.query("analyze person");
}

async function seedDesk(admin: pg.Client, id: string): Promise<void> {
  await admin.query(
    "insert into queues (tenant_id, name) select $1, 'Queue ' || n from generate_series(1, 8) n",
    [id],
  );
  await admin.query(
    `insert into queue_members (tenant_id, queue_id, user_id)
     select $1, q.id, p.id from queues q join person p on p.n between 3 and 50
     where q.tenant_id = $1 and p.n % 8 = substr(q.name, 7)::int - 1`,
    [id],
  );
  await admin.query(
    `insert into categories (tenant_id, name, queue_id)
     select $1, 'Category ' || n, (select id from queues where tenant_id = $1 and name = 'Queue ' || (1 + n % 8))
     from generate_series(1, 20) n`,
    [id],
  );
}

async function seedTickets(
  admin: pg.Client,
  { id, tickets, staff, requesters, texts }: {
    id: string;
    tickets: number;
    staff: number;
    requesters: number;
    texts: NonNullable<Plan["texts"]>;
  },
): Promise<void> {
  const every = Math.floor(tickets / SPECIAL);
  await admin.query(
    `insert into tickets (tenant_id, id, number, type, title, description, status, pending_reason, impact, urgency,
       priority, category_id, queue_id, requester_id, assignee_id, source, created_at, updated_at, resolved_at, closed_at)
     select $1, uuidv7(x.created_at - now()), 1000 + i, case when i % 3 = 0 then 'service_request' else 'incident' end,
       ${texts.title}, ${texts.description},
       x.status, case when x.status = 'pending' then 'requester' end, 'medium', 'medium', 'medium',
       category.id, category.queue_id, requester.id, case when x.status <> 'new' then assignee.id end, 'web',
       x.created_at, x.updated_at,
       case when x.status in ('resolved', 'closed') then x.updated_at end,
       case when x.status in ('closed', 'cancelled') then x.updated_at end
     from (
       select i, created_at, created_at + make_interval(secs => ${
      pick("i * 7 + 1", "250000")
    }) * (1 - least(1, 3.0 / i)) as updated_at,
         case when i % $4 = 1 then 'open' when i % $4 = 2 then 'in_progress'
           when s < 8 then 'new' when s < 16 then 'open' when s < 22 then 'in_progress' when s < 26 then 'pending'
           when s < 36 then 'resolved' when s < 40 then 'cancelled' else 'closed' end as status
       from (
         select i, ${pick("i", "100")} as s,
           date_trunc('milliseconds', now() - make_interval(mins => 5 + ($2::int - i) * 10)) - interval '3 days' as created_at
         from generate_series(1, $2::int) i
       ) numbered
     ) x
     join person requester on requester.n = $3::int + 1 + ${pick("i * 3 + 5", "$5::int")}
     join person assignee on assignee.n = 1 + ${pick("i * 5 + 2", "$3::int")}
     join categories category on category.tenant_id = $1 and category.name = 'Category ' || (1 + ${
      pick("i * 11", "20")
    })`,
    [id, tickets, staff, every, requesters],
  );
  await admin.query(
    `insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
     select tenant_id, id, requester_id, 'requester', status, created_at, updated_at from tickets where tenant_id = $1`,
    [id],
  );
  await admin.query(
    `insert into ticket_participants (tenant_id, ticket_id, user_id, kind, status, created_at, updated_at)
     select t.tenant_id, t.id, p.id, 'watcher', t.status, t.created_at, t.updated_at
     from tickets t join person p on p.n = 1 + t.number % $2 where t.tenant_id = $1 and t.number % 5 = 0
     on conflict do nothing`,
    [id, staff],
  );
  await admin.query(
    `insert into ticket_tags (tenant_id, ticket_id, tag)
     select tenant_id, id, tag from tickets, unnest(array['floor-' || number % 40, 'printer']) tag
     where tenant_id = $1 and number % 3 = 0`,
    [id],
  );
  await admin.query(
    `insert into ticket_counts (tenant_id, queue_key, status, total, unassigned)
     select tenant_id, queue_key, status, count(*), count(*) filter (where assignee_id is null) from tickets where tenant_id = $1 group by 1, 2, 3`,
    [id],
  );
  await admin.query("insert into ticket_counters (tenant_id, last) values ($1, $2)", [id, 1000 + tickets]);
}

async function seedTalk(
  admin: pg.Client,
  { id, tickets, staff }: { id: string; tickets: number; staff: number },
): Promise<void> {
  await admin.query(
    `insert into comments (tenant_id, id, ticket_id, author_id, visibility, body, created_at)
     select t.tenant_id, uuidv7(at - now()), t.id, case when c % 3 = 0 then t.requester_id else p.id end,
       case when c % 10 = 7 then 'internal' else 'public' end,
       'Comment ' || c || ': ' || repeat('I looked at the spooler, and it had stopped with an error. ', 3), at
     from tickets t
     cross join lateral generate_series(1, case when t.number % $2 = 1001 % $2 then 50 when t.number % 4 = 0 then 2 else 0 end) c
     cross join lateral (select t.created_at + c * interval '10 minutes' as at) a
     join person p on p.n = 1 + (t.number + c) % $3
     where t.tenant_id = $1`,
    [id, Math.floor(tickets / SPECIAL), staff],
  );
  await admin.query(
    `insert into audit_log (tenant_id, id, at, actor_id, action, entity, entity_id, changes)
     select tenant_id, uuidv7(created_at - now()), created_at, requester_id, 'ticket.created', 'ticket', id,
       jsonb_build_object('type', type, 'title', title, 'source', source) from tickets where tenant_id = $1
     union all
     select tenant_id, uuidv7(created_at - now()), created_at, author_id, 'ticket.commented', 'ticket', ticket_id,
       jsonb_build_object('commentId', id, 'visibility', visibility) from comments where tenant_id = $1`,
    [id],
  );
}

async function read(
  admin: pg.Client,
  id: string,
  tickets: number,
): Promise<Omit<SeededTenant, "id" | "slug" | "tickets">> {
  const seats = async (role: string) =>
    (await admin.query<Seat>(
      `select u.id as "userId", s.id as "sessionId" from sessions s
       join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
       where s.tenant_id = $1 and u.role = $2 order by s.id limit 40`,
      [id, role],
    )).rows;
  const special = async (rest: number) =>
    (await admin.query<SeededTicket>(
      `select id, case type when 'incident' then 'INC-' else 'REQ-' end || number as key from tickets
       where tenant_id = $1 and (number - 1000) % $2 = $3 order by number`,
      [id, Math.floor(tickets / SPECIAL), rest],
    )).rows;
  const ids = async (table: "categories" | "queues") =>
    (await admin.query<{ id: string }>(`select id from ${table} where tenant_id = $1 order by id`, [id])).rows
      .map((row) => row.id);
  return {
    agents: await seats("AGENT"),
    requesters: await seats("REQUESTER"),
    categories: await ids("categories"),
    queues: await ids("queues"),
    deep: await special(1),
    targets: await special(2),
  };
}

/** Drops what keeps no constraint: building an index at once is quicker than row by row. @returns what builds them again */
export async function dropIndexes(admin: pg.Client, tables: string[]): Promise<() => Promise<void>> {
  const { rows } = await admin.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = any($1::regclass[]) and not indisunique`,
    [tables],
  );
  for (const { name } of rows) await admin.query(`drop index ${name}`);
  return async () => {
    for (const { definition } of rows) await admin.query(definition);
    await admin.query("vacuum analyze");
  };
}
