import { createServices } from "@/adapters/mod.ts";
import { readConfig } from "@/config.ts";
import { closeDatabase, openDatabase } from "@/db/database.ts";
import { startEmbedded } from "@/db/embedded/mod.ts";
import type { Target } from "@/db/connect.ts";
import type { Sql } from "@/db/sql.ts";
import { actAsUser, type Claim, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { readBoard } from "@/domain/tickets/board.ts";
import { listQueueWorkloads } from "@/domain/tickets/workload.ts";
import { countByQueue, countTickets } from "@/domain/tickets/counts.ts";
import { isStaff } from "@/domain/permissions.ts";
import { ListTickets, SORTS } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { preparedPlans } from "@/tests/helpers/plans.ts";
import { asAdmin, placeOf, targetOf } from "./cluster.ts";
import { figure, median, print, progress, table } from "./print.ts";
import { dropIndexes, type Plan, seed, type SeededTenant } from "./seed.ts";

const LIMIT = 50;
const DOOR_SECRET = "bench";
/** Rows that may be read for each row that is returned. */
const MOST_READ = 4;
/** Milliseconds that reading kept counts may take, with its transaction. */
const MOST_COUNTING = 5;

interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Node[];
}

/** What a list cost, in the worse of the two plans that a prepared statement can get. */
interface Cost {
  found: number;
  read: number;
  scans: string[];
  ms: number;
}

/**
 * Reads the plans of ticket lists among `tickets` tickets of one tenant, as servicehub_app under row security, and
 * prints them.
 *
 * @returns whether every list reads at most {@link MOST_READ} rows for each it returns, from indexes alone
 */
export async function checkPlans(dir: string, tickets: number): Promise<boolean> {
  // Nothing here is about writing, and a cluster that is thrown away needs no flush.
  const settings = {
    fsync: "off",
    full_page_writes: "off",
    max_wal_size: "8GB",
    maintenance_work_mem: "512MB",
  };
  const server = await startEmbedded({ dataDir: dir, log: () => {}, settings });
  try {
    const place = placeOf(server);
    await openDatabase({
      target: targetOf(place),
      admin: { user: server.superuser },
      doorSecret: DOOR_SECRET,
      poolSize: 1,
    });
    const began = performance.now();
    const sizes: Plan[] = [{ tenants: 1, tickets, silent: true }, {
      tenants: 4,
      tickets: 1_000,
      silent: true,
    }];
    const [tenant] = await asAdmin(place, async (admin) => {
      const rebuild = await dropIndexes(admin, ["tickets", "ticket_participants", "ticket_tags"]);
      const filled = await seed(admin, sizes, "-");
      await rebuild();
      return filled;
    });
    progress(`filled ${figure(tickets)} tickets in ${figure((performance.now() - began) / 1000, 1)} s`);
    const services = await createServices(readConfig({ DATA_DIR: dir }));
    const request: RequestInfo = { requestId: "bench", ip: "", userAgent: "", services };
    return await report(targetOf(place), request, tenant!);
  } finally {
    await closeDatabase();
    await server.stop({ immediate: true });
  }
}

async function report(target: Target, request: RequestInfo, tenant: SeededTenant): Promise<boolean> {
  const agent = tenant.agents[0]!;
  const requester = tenant.requesters[0]!;
  const queueId = tenant.queues[0]!;
  const lists: [string, { sessionId: string }, Record<string, unknown>][] = [
    ["status", agent, { status: "open" }],
    ["assignee, status", agent, { assigneeId: "me", status: "closed" }],
    ["queue, status", agent, { queueId, status: "open" }],
    ["participant", requester, {}],
  ];
  const rows: (string | number)[][] = [];
  let good = true;
  for (const [name, { sessionId }, filter] of lists) {
    for (const sort of SORTS) {
      const claim: Claim = { kind: "session", tenantId: tenant.id, sessionId, secretHash: null };
      const cost = await costOf(target, request, claim, { ...filter, sort });
      const indexed = cost.scans.every((scan) => /^Index (Only )?Scan$/.test(scan));
      const meets = indexed && cost.found > 0 && cost.read <= MOST_READ * cost.found;
      good &&= meets;
      rows.push([
        name,
        sort,
        cost.found,
        cost.read,
        cost.scans.join(", "),
        figure(cost.ms, 1),
        meets ? "yes" : "missed",
      ]);
    }
  }
  print(`\nLists among ${figure(tenant.tickets)} tickets, under row security:\n`);
  print(table(["filter", "sort", "returned", "read", "by", "ms", `≤ ${MOST_READ}×`], rows));
  const claim: Claim = {
    kind: "session",
    tenantId: tenant.id,
    sessionId: agent.sessionId,
    secretHash: null,
  };
  const counted: [string, (cx: UserCx) => Promise<unknown>, number | null][] = [
    ["counts of every queue and state", countByQueue, MOST_COUNTING],
    ["the page of queues", listQueueWorkloads, MOST_COUNTING],
    ["counts beside every list", countTickets, null],
    ["the board of a queue", (cx) => readBoard(cx, { queueId, of: "all" }), null],
  ];
  const times: (string | number)[][] = [];
  for (const [name, read, most] of counted) {
    const took = await timeOf(request, claim, read);
    const meets = most === null || took <= most;
    good &&= meets;
    times.push([name, figure(took, 1), most === null ? "" : meets ? `yes, ≤ ${most}` : `missed ${most}`]);
  }
  print(`\nTransactions among ${figure(tenant.tickets)} tickets:\n`);
  print(table(["read", "median ms", "bar"], times));
  return good;
}

/** Lists through the domain, then explains the statement it sent with the very values, under both kinds of plan. */
async function costOf(
  target: Target,
  request: RequestInfo,
  claim: Claim,
  query: Record<string, unknown>,
): Promise<Cost> {
  return await actAsUser(request, claim, async (cx) => {
    const sent: Sql[] = [];
    const db = {
      ...cx.db,
      rows: (statement: Sql) => (sent.push(statement), cx.db.rows(statement)),
    } as UserCx["db"];
    const input = ListTickets.parse({ limit: LIMIT, ...query });
    const { items } = await listTickets({ ...cx, db }, input);
    const cost: Cost = { found: items.length, read: 0, scans: [], ms: 0 };
    const door = { secret: DOOR_SECRET, tenantId: cx.tenant.id, staff: isStaff(cx.actor.role) };
    const plans = await preparedPlans<Node>(target, door, sent[0]!);
    for (const explained of [plans.custom, plans.generic]) {
      const { read, scans } = ticketsRead(explained.Plan);
      cost.read = Math.max(cost.read, read);
      cost.scans = [...new Set([...cost.scans, ...scans])].sort();
      cost.ms = Math.max(cost.ms, explained["Execution Time"]);
    }
    return cost;
  });
}

/** Rows of tickets and participants that a plan read, and by which kinds of scan. */
function ticketsRead(plan: Node): { read: number; scans: Set<string> } {
  const seen = { read: 0, scans: new Set<string>() };
  const walk = (node: Node) => {
    if (["tickets", "ticket_participants"].includes(node["Relation Name"] ?? "")) {
      seen.read += (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
      seen.scans.add(node["Node Type"]);
    }
    node.Plans?.forEach(walk);
  };
  walk(plan);
  return seen;
}

async function timeOf(
  request: RequestInfo,
  claim: Claim,
  read: (cx: UserCx) => Promise<unknown>,
): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 40; i++) {
    const began = performance.now();
    await actAsUser(request, claim, read);
    times.push(performance.now() - began);
  }
  return median(times);
}
