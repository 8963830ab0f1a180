import type pg from "pg";
import { pick } from "./seed.ts";

/** The days over which the tickets of a tenant are spread: of a million, 1,370 a day. */
const DAYS = 730;

/**
 * The facts that reports count, for the tickets of a silent tenant: created evenly over two years, most answered within
 * hours and resolved within days, some in several queues, reopened, breached or rated.
 */
export async function seedFacts(admin: pg.Client, tenantId: string): Promise<void> {
  const share = (seed: string) => `(${pick(seed, "10000")} / 10000.0)`;
  await admin.query("set session_replication_role = replica; set synchronous_commit = off");
  await admin.query(
    `create temp table history as
     select x.*, case when ended then x.at + (0.2 + 5 * ${
      share("i * 13")
    } ^ 3) * interval '1 day' end as done_at
     from (
       select t.*, number::int as i, now() - (1 - (row_number() over (order by number)) / (count(*) over ())::float8)
           * interval '${DAYS} days' as at,
         (count(*) over () - row_number() over (order by number)) > 20000 or ${
      pick("number::int", "4")
    } = 0 as ended
       from tickets t where tenant_id = $1
     ) x`,
    [tenantId],
  );
  await admin.query(
    `insert into report_tickets (tenant_id, id, created_at, status, type, source, priority, category_id, queue_key,
       assignee_key, policy_id, queues, replied_at, replied_by, reply_business_ms, resolved_at, resolved_by,
       resolve_business_ms, reopened_at, reply_started_at, reply_over_at, reply_outcome, resolve_started_at,
       resolve_over_at, resolve_outcome, score)
     select tenant_id, id, at, status, type, source,
       (array['low', 'medium', 'medium', 'high', 'urgent'])[1 + ${
      pick("i * 3", "5")
    }], category_id, queue_key, assignee_key,
       (select id from sla_policies where tenant_id = $1 limit 1), 1 + (${pick("i * 17", "8")} = 0)::int,
       at + ${share("i * 5")} * interval '6 hours', assignee_key, ${pick("i * 5", "20000000")},
       done_at, case when done_at is not null then assignee_key end,
       case when done_at is not null then ${pick("i * 19", "90000000")} end,
       case when ${pick("i * 23", "20")} = 0 then done_at - interval '1 hour' end, at,
       at + ${share("i * 5")} * interval '6 hours', case when ${
      pick("i * 29", "6")
    } = 0 then 'breached' else 'met' end, at,
       coalesce(done_at, now() + interval '2 days'),
       case when done_at is not null then case when ${
      pick("i * 31", "6")
    } = 0 then 'breached' else 'met' end end,
       case when done_at is not null and ${pick("i * 37", "3")} = 0 then 1 + ${pick("i * 41", "5")} end
     from history order by at`,
    [tenantId],
  );
  await admin.query(
    `insert into report_stays (tenant_id, id, kind, position, status, holder, from_at, to_at, began, ended, created_at)
     select h.tenant_id, h.id, s.kind, s.position, s.status, s.holder, s.from_at, s.to_at,
       case when s.position = 0 then 'created' else 'moved' end,
       case when s.to_at = 'infinity' then null when s.last then 'resolved' else 'moved' end, h.at
     from history h cross join lateral (select coalesce(h.done_at, 'infinity') as done,
         h.at + 0.1 * (coalesce(h.done_at, now()) - h.at) as taken) d
     cross join lateral (values
       ('status', 0, 'new', null::uuid, h.at, d.taken, false),
       ('status', 1, 'in_progress', null, d.taken, d.done, true),
       ('queue', 0, null, h.queue_key, h.at, d.done, true),
       ('agent', 0, null, h.assignee_key, d.taken, d.done, true)
     ) s (kind, position, status, holder, from_at, to_at, last)
     order by s.from_at`,
  );
  await admin.query(
    `insert into report_acts (tenant_id, id, kind, position, at, agent_key, undone)
     select tenant_id, id, a.kind, a.position, a.at, assignee_key, a.undone from history h
     cross join lateral (values
       ('reply', 0, h.at + ${share("i * 5")} * interval '6 hours', false),
       ('reply', 1, h.at + ${share("i * 7")} * interval '30 hours', false),
       ('resolution', 0, h.done_at, ${pick("i * 23", "20")} = 0)
     ) a (kind, position, at, undone) where a.at is not null order by a.at`,
  );
  await admin.query(
    `insert into report_breaches (tenant_id, id, metric, position, over_at, queue_key, agent_key, business_ms)
     select tenant_id, id, 'resolution', n, coalesce(done_at, now() + interval '2 days'), queue_key, assignee_key,
       ${pick("i * 43", "60000000")}
     from history cross join generate_series(0, 1) n where ${pick("i * 31", "6")} = 0`,
  );
  await admin.query(
    `insert into report_progress (tenant_id, changed_at) values ($1, 'infinity')
     on conflict (tenant_id) do update set changed_at = 'infinity'`,
    [tenantId],
  );
  await admin.query("drop table history");
  await admin.query("reset session_replication_role; reset synchronous_commit");
}
