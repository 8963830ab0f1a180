import { raw, type Sql } from "@/db/sql.ts";
import { act, type Cx } from "@/domain/cx.ts";
import { EXPIRING_KINDS, removeExpired } from "@/domain/retention/clean_up.ts";
import { notifyDueClocks } from "@/domain/sla/notify_thresholds.ts";
import { closeResolved, wakeTickets } from "@/domain/tickets/auto_close.ts";
import { evaluateSla } from "@/jobs/evaluate_sla.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { type PlanNode, planOf, rowsRead } from "@/tests/helpers/plans.ts";
import { ALWAYS } from "@/tests/helpers/sla_scene.ts";

/** Open clocks of the tenant; its neighbour has a fifth of that. Few are due. */
const CLOCKS = 100_000;
const DUE = 40;
const TENANT = "0198a000-0000-7000-8000-000000000001";
const NEIGHBOUR = "0198a000-0000-7000-8000-000000000002";

/** Two tenants that share the tables, so that a plan that forgets the tenant reads too much. */
async function seed(desk: Desk): Promise<void> {
  const id = (n: string) => `('0198a000-0000-7000-8001-' || lpad((${n})::text, 12, '0'))::uuid`;
  const tenant = `case when g > ${CLOCKS / 2} then '${NEIGHBOUR}'::uuid else '${TENANT}'::uuid end`;
  const calendar = JSON.stringify({ timeZone: "UTC", week: ALWAYS, holidays: [] });
  const each = { low: 600, medium: 600, high: 600, urgent: 600 };
  const targets = JSON.stringify({ firstResponse: each, resolution: each });
  await desk.look(`
    insert into tenants (id, slug, name) values ('${TENANT}', 'big', 'Big'), ('${NEIGHBOUR}', 'next', 'Next');
    insert into users (tenant_id, id, email, name, role, password_hash)
      select t.id, ${
    id("g")
  }, 'u' || g || '@big.example', 'User ' || g, case g when 1 then 'MANAGER' else 'REQUESTER' end,
        '-' from tenants t, generate_series(1, 50) g;
    -- No triggers for this session: the rows fit together, and checking each foreign key takes most of the time.
    set session_replication_role = replica;
    insert into calendar_versions (tenant_id, id, calendar_id, version, name, definition)
      select id, ${id("1")}, ${id("1")}, 1, 'Always', '${calendar}' from tenants;
    insert into sla_policy_versions (tenant_id, id, policy_id, version, name, calendar_id, targets)
      select id, ${id("1")}, ${id("1")}, 1, 'Standard', ${id("1")}, '${targets}' from tenants;
    insert into tickets (tenant_id, id, number, type, title, description, status, pending_reason, pending_until, impact,
        urgency, priority, requester_id, source, resolved_at)
      select ${tenant}, ${id("g")}, g, 'incident', 'Ticket ' || g, '', s.status,
        case s.status when 'pending' then 'scheduled' end,
        case s.status when 'pending' then now() + make_interval(mins => (g / 10 - ${DUE}) * 100) end, 'low', 'low', 'low',
        ${id("2 + g % 40")}, 'api',
        case s.status when 'resolved' then now() - interval '5 days' + make_interval(mins => (g / 10 - ${DUE}) * 100) end
      from generate_series(1, ${CLOCKS * 3 / 5}) g, lateral (select
        case g % 10 when 0 then 'pending' when 1 then 'resolved' else 'open' end as status) s;
    insert into sla_clocks (tenant_id, ticket_id, metric, phase, started_at, target_minutes, elapsed_ms, counted_at,
        warn_at, late_warn_at, due_at, policy_version_id, calendar_version_id)
      select ${tenant}, ${
    id("g")
  }, m, 'running', now() - interval '9 days', 600, 0, now() - interval '9 days',
        w, w + interval '1 minute', w + interval '2 minutes', ${id("1")}, ${id("1")}
      from generate_series(1, ${CLOCKS * 3 / 5}) g, unnest(array['firstResponse', 'resolution']) m,
        lateral (select now() + make_interval(mins => case m when 'resolution' then g - ${DUE} else g + 60000 end) as w) k;
    insert into sla_ledger (tenant_id, ticket_id, position, at, kind, rule, priority, policy_version_id,
        calendar_version_id)
      select tenant_id, id, 0, now() - interval '9 days', 'start', 'Raised', 'low', ${id("1")}, ${
    id("1")
  } from tickets;
    insert into events (tenant_id, id, topic, entity, entity_id)
      select ${tenant}, uuidv7(make_interval(mins => g - 30 * 1440 - ${DUE})), 'x', 'ticket', ${id("g")}
      from generate_series(1, ${CLOCKS * 3 / 5}) g;
    insert into notifications (tenant_id, id, user_id, kind, read_at)
      select ${tenant}, uuidv7(make_interval(mins => g - 180 * 1440 - ${DUE})), ${
    id("2 + g % 40")
  }, 'mentioned', now()
      from generate_series(1, ${CLOCKS * 3 / 5}) g;
    insert into jobs (tenant_id, id, kind, state, finished_at)
      select ${tenant}, uuidv7(make_interval(mins => g - 30 * 1440 - ${DUE})), 'email', 'done',
        now() - interval '31 days' from generate_series(1, ${CLOCKS * 3 / 5}) g;
    analyze;`);
}

/** The most rows of any table that a plan read. */
function mostRead(plan: PlanNode): number {
  return Math.max(...rowsRead(plan).values());
}

function literal(value: unknown): string {
  if (value === null) return "null";
  const text = Array.isArray(value) ? `{${value.join(",")}}` : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

const system = { kind: "system", tenantId: TENANT } as const;

/** Runs a step of the clock and undoes it. @returns the most rows that any of its statements read of a table */
async function readBy(
  desk: Desk,
  step: (cx: Cx) => Promise<unknown>,
  statements = Infinity,
): Promise<number> {
  let most = 0;
  const undone = new Error("Undone");
  await act(desk.request(), system, async (cx) => {
    let left = statements;
    const explained = async (statement: Sql) => {
      if (left-- <= 0) return;
      const text = statement.strings.reduce((all, part, i) => all + literal(statement.values[i - 1]) + part);
      most = Math.max(most, mostRead(await planOf(cx, raw(text))));
    };
    const db = {
      ...cx.db,
      rows: async (statement: Sql) => (await explained(statement), await cx.db.rows(statement)),
      run: async (statement: Sql) => (await explained(statement), await cx.db.run(statement)),
    } as typeof cx.db;
    await step({ ...cx, db });
    throw undone;
  }).catch((error) => {
    if (error !== undone) throw error;
  });
  return most;
}

Deno.test("REL-24 of 100,000 clocks and as many tickets, events and messages only what is due is read", async (t) => {
  await using desk = await openDesk();
  await seed(desk);

  await t.step("the tenants with something due", async () => {
    for (const name of ["due_clocks", "tickets_to_wake", "tickets_to_close"]) {
      const [{ prosrc: text }] = await desk.look<{ prosrc: string }>(
        "select prosrc from pg_proc where proname = $1",
        [`tenants_with_${name}`],
      ) as [{ prosrc: string }];
      const [plan] = await desk.look<{ "QUERY PLAN": { Plan: PlanNode }[] }>(
        // Past the check of who asks: the plan's rows are what is looked at.
        `explain (analyze, format json) ${text.replace("(select public.require_system())", "true")}`,
      );
      const read = mostRead(plan!["QUERY PLAN"][0]!.Plan);
      assert(read <= 4, `${name}: ${read} rows`);
    }
  });
  await t.step("the clocks that are due", async () => {
    // The first statements claim and mark; the rest are those of each notice.
    const read = await readBy(desk, notifyDueClocks, 2);
    assert(read >= DUE / 2 && read <= 4 * DUE, `${read} rows`);
  });
  await t.step("the tickets that wake, and those that close", async () => {
    for (const step of [wakeTickets, closeResolved]) {
      const read = await readBy(desk, (cx) => step(cx), 1);
      assert(read >= 1 && read <= 2 * DUE, `${step.name}: ${read} rows`);
    }
  });
  await t.step("what has expired", async () => {
    for (const what of EXPIRING_KINDS) {
      let done = 0;
      const read = await readBy(desk, async (cx) => done = (await removeExpired(cx, what)).done);
      assert(read <= Math.max(4 * done, 2 * DUE), `${what}: ${read} rows read, ${done} removed`);
    }
  });
  await t.step("and they are announced", async () => {
    assertEquals(await evaluateSla(desk.request(), NEVER), DUE);
  });
});
