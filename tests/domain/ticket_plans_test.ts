import { type Sql, sql } from "@/db/sql.ts";
import { act, type UserCx } from "@/domain/cx.ts";
import { isStaff } from "@/domain/permissions.ts";
import { ListTickets } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { DOOR_SECRET, targetOf } from "@/tests/helpers/cluster.ts";
import { type Desk, openDesk } from "@/tests/helpers/desk.ts";
import { preparedPlans } from "@/tests/helpers/plans.ts";

const TICKETS = 100_000;
const LIMIT = 50;
const TENANT = "0198a000-0000-7000-8000-000000000001";
const NEIGHBOUR = "0198a000-0000-7000-8000-000000000002";

function user(n: number): string {
  return `0198a000-0000-7000-8001-${String(n).padStart(12, "0")}`;
}
function queue(n: number): string {
  return `0198a000-0000-7000-8002-${String(n).padStart(12, "0")}`;
}

/** Two tenants that share the tables, so that a plan that forgets the tenant reads too much. */
async function seed(desk: Desk): Promise<void> {
  await desk.look(`
    insert into tenants (id, slug, name) values ('${TENANT}', 'big', 'Big'), ('${NEIGHBOUR}', 'next', 'Next');
    insert into users (tenant_id, id, email, name, role, password_hash)
      select t.id, ('0198a000-0000-7000-8001-' || lpad(g::text, 12, '0'))::uuid, 'u' || g || '@big.example', 'User ' || g,
        case when g <= 20 then 'AGENT' else 'REQUESTER' end, '-' from tenants t, generate_series(1, 500) g;
    insert into queues (tenant_id, id, name)
      select t.id, ('0198a000-0000-7000-8002-' || lpad(g::text, 12, '0'))::uuid, 'Queue ' || g
      from tenants t, generate_series(1, 10) g;
    -- No triggers for this session: the rows fit together, and checking each foreign key takes most of the time.
    set session_replication_role = replica;
    insert into tickets (tenant_id, number, type, title, description, status, pending_reason, impact, urgency, priority,
        queue_id, requester_id, assignee_id, source, created_at, updated_at, sla_due_at, sla_warn_at, sla_breach_at)
      select case when g % 5 = 0 then '${NEIGHBOUR}'::uuid else '${TENANT}'::uuid end, g, 'incident', 'Ticket ' || g, '',
        s.status, case when s.status = 'pending' then 'vendor' end, 'low', 'low', 'low',
        case when g % 11 > 0 then ('0198a000-0000-7000-8002-' || lpad((g % 11)::text, 12, '0'))::uuid end,
        ('0198a000-0000-7000-8001-' || lpad((21 + g * 31 % 100)::text, 12, '0'))::uuid,
        case when g % 13 > 2 then ('0198a000-0000-7000-8001-' || lpad((g % 13)::text, 12, '0'))::uuid end, 'api',
        now() - interval '1 minute' * g, now() - interval '1 minute' * (g::bigint * 7919 % ${TICKETS}),
        case when s.runs then now() + interval '1 minute' * (g % 20000 - 4000) end,
        case when s.runs then now() + interval '1 minute' * (g % 20000 - 4000 - g % 3000) end,
        case when g % 3 = 0 then now() - interval '1 minute' * g
          when s.runs then now() + interval '1 minute' * (g % 20000 - 4000) end
      from generate_series(1, ${TICKETS * 5 / 4}) g, lateral (select
        (array['new', 'open', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled'])[1 + g / 5 % 7] as status,
        g / 5 % 7 < 4 as runs) s;
    insert into ticket_participants
      select tenant_id, id, requester_id, 'requester', status, created_at, updated_at from tickets;
    analyze;`);
}

interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Node[];
}

/** What of a plan matters here: rows read of tickets and participants, how, and the most rows that were sorted. */
function summary(plan: Node) {
  const seen = { read: 0, scans: new Set<string>(), sorted: 0 };
  const walk = (node: Node) => {
    const rows = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
    if (["tickets", "ticket_participants"].includes(node["Relation Name"] ?? "")) {
      seen.read += rows;
      seen.scans.add(node["Node Type"]);
    }
    if (node["Node Type"].includes("Sort")) seen.sorted = Math.max(seen.sorted, rows);
    node.Plans?.forEach(walk);
  };
  walk(plan);
  return seen;
}

/** Lists as `actor` and returns the rows found with the statement that found them. */
async function listed(
  desk: Desk,
  actor: { id: string; role: "AGENT" | "REQUESTER"; queueIds?: string[] },
  query: Record<string, unknown>,
  look: (cx: UserCx, statement: Sql, rows: number) => Promise<void>,
): Promise<void> {
  await act(desk.request(), { kind: "system", tenantId: TENANT }, async (entered) => {
    const statements: Sql[] = [];
    const db = {
      ...entered.db,
      rows: (statement: Sql) => (statements.push(statement), entered.db.rows(statement)),
    } as typeof entered.db;
    const person = {
      name: "",
      email: "",
      locale: "en",
      timeZone: "UTC",
      theme: "system",
      queueIds: [],
      ...actor,
    };
    const tenant = { ...entered.tenant, agentsSeeAll: actor.queueIds === undefined };
    const cx = { ...entered, tenant, db, actor: person } as UserCx;
    const { items } = await listTickets(cx, ListTickets.parse({ limit: LIMIT, ...query }));
    await look(cx, statements[0]!, items.length);
  });
}

const AGENT = { id: user(5), role: "AGENT" } as const;
const CONFINED = { id: user(5), role: "AGENT", queueIds: [queue(3), queue(4)] } as const;
const REQUESTER = { id: user(42), role: "REQUESTER" } as const;
const ACTIVE = ["new", "open", "in_progress", "pending"];

const LISTS: [string, Parameters<typeof listed>[1], Record<string, unknown>][] = [
  ["everything", AGENT, {}],
  ["a status", AGENT, { status: "open" }],
  ["several statuses", AGENT, { status: ACTIVE }],
  ["an assignee", AGENT, { assigneeId: "me" }],
  ["an assignee in a status", AGENT, { assigneeId: "me", status: "open" }],
  ["an assignee in several statuses", AGENT, { assigneeId: "me", status: ACTIVE }],
  ["nobody's in a status", AGENT, { assigneeId: "none", status: "new" }],
  ["a queue", AGENT, { queueId: queue(2) }],
  ["a queue in a status", AGENT, { queueId: queue(2), status: "open" }],
  ["several queues in several statuses", AGENT, { queueId: [queue(2), queue(3), "none"], status: ACTIVE }],
  ["a requester", AGENT, { requesterId: user(42) }],
  ["a requester's own", REQUESTER, {}],
  ["a confined agent's", { ...CONFINED, queueIds: [...CONFINED.queueIds] }, {}],
  ["a confined agent's in a status", { ...CONFINED, queueIds: [...CONFINED.queueIds] }, { status: "open" }],
];

/** What is late or will be; by when it is due. */
const DUE_LISTS: typeof LISTS = [
  ...LISTS.slice(0, 10),
  ["breached", AGENT, { sla: "breached" }],
  ["breached and active", AGENT, { sla: "breached", status: ACTIVE }],
  ["breached and closed", AGENT, { sla: "breached", status: "closed" }],
  ["at risk", AGENT, { sla: "at_risk" }],
  ["due", AGENT, { sla: "due" }],
  ["due and active", AGENT, { sla: "due", status: ACTIVE }],
  ["at risk in a status", AGENT, { sla: "at_risk", status: "open" }],
];
const CASES = [
  ...LISTS.map((list) => [list, ["-created", "created", "-updated", "updated"]] as const),
  ...DUE_LISTS.map((list) => [list, ["due", "-due"]] as const),
];

Deno.test(`lists read at most 4 rows for each they return, at ${TICKETS} tickets under row security`, async (t) => {
  await using desk = await openDesk();
  await seed(desk);
  for (const [[name, actor, filter], sorts] of CASES) {
    for (const sort of sorts) {
      await t.step(`${name}, by ${sort}`, async () => {
        await listed(desk, actor, { ...filter, sort }, async (cx, statement, found) => {
          assertEquals(found, LIMIT);
          const [who] = await cx.db.rows<{ role: string }>(sql`select current_user as role`);
          assertEquals(who!.role, "servicehub_app");
          const target = targetOf(desk.cluster, desk.database);
          const door = { secret: DOOR_SECRET, tenantId: TENANT, staff: isStaff(actor.role) };
          const plans = await preparedPlans<Node>(target, door, statement);
          for (const [mode, { Plan: plan }] of Object.entries(plans)) {
            const { read, scans, sorted } = summary(plan);
            assert(read <= 4 * found, `${mode}: read ${read} rows for ${found}`);
            for (const scan of scans) assert(/^Index (Only )?Scan$/.test(scan), `${mode}: ${scan}`);
            assert(sorted <= 101, `${mode}: sorted ${sorted} rows`);
          }
        });
      });
    }
  }
});
