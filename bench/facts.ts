import { createServices } from "@/adapters/mod.ts";
import { readConfig } from "@/config.ts";
import { closeDatabase, openDatabase } from "@/db/database.ts";
import { startEmbedded } from "@/db/embedded/mod.ts";
import { addComment } from "@/domain/comments/add.ts";
import { act, actAsUser, type Claim, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { catchUp } from "@/domain/reports/facts/catch_up.ts";
import { assignTicket } from "@/domain/tickets/assign.ts";
import { createTicket } from "@/domain/tickets/create.ts";
import { transitionTicket } from "@/domain/tickets/transition.ts";
import { asAdmin, placeOf, targetOf } from "./cluster.ts";
import { databaseCpu } from "./cpu.ts";
import { figure, print, progress, table } from "./print.ts";
import { seed, type SeededTenant } from "./seed.ts";

/** Database time of a change that its facts may cost, as a share. */
const BAR = 0.05;
const AT_ONCE = 200;
const DOOR_SECRET = "bench";
const DESCRIPTION = "The printer on the third floor shows a paper jam, but there is none. ".repeat(5).trim();

interface Made {
  id: string;
  version: number;
}

interface Step {
  name: string;
  run: (cx: UserCx, ticket: Made) => Promise<Made>;
}

/** What an agent does to a ticket in an hour. */
const STEPS: Step[] = [
  {
    name: "assign",
    run: (cx, { id, version }) =>
      assignTicket(cx, { id, version, assigneeId: cx.actor.id, queueId: undefined }),
  },
  { name: "take up", run: (cx, { id, version }) => transitionTicket(cx, { id, version, to: "in_progress" }) },
  {
    name: "reply",
    run: async (cx, ticket) => {
      await addComment(cx, { ticketId: ticket.id, body: DESCRIPTION, visibility: "public" });
      return ticket;
    },
  },
  {
    name: "resolve",
    run: (cx, { id, version }) => transitionTicket(cx, { id, version, to: "resolved", note: "Done" }),
  },
];

/**
 * Measures the database's processor time of changes of tickets, and of making their facts: after each change, as when
 * somebody reads reports all the time, and once for all of them, as the job of every minute finds them.
 *
 * @returns whether the facts of a ticket that is worked off in one go cost a twentieth of its changes
 */
export async function measureFacts(
  dir: string,
  { tickets, size }: { tickets: number; size: number },
): Promise<boolean> {
  const server = await startEmbedded({ dataDir: dir, log: () => {} });
  try {
    const place = placeOf(server);
    await openDatabase({
      target: targetOf(place),
      admin: { user: server.superuser },
      doorSecret: DOOR_SECRET,
      poolSize: 4,
    });
    const [tenant] = await asAdmin(place, (admin) => seed(admin, [{ tenants: 1, tickets: size }], "-"));
    const services = await createServices(readConfig({ DATA_DIR: dir }));
    const request: RequestInfo = { requestId: "bench", ip: "", userAgent: "", services };
    const cost = async (work: () => Promise<unknown>, count: number) => {
      await asAdmin(place, (admin) => admin.query("checkpoint"));
      const before = await databaseCpu(server.pid);
      await work();
      return (await databaseCpu(server.pid) - before) / count;
    };
    const follow = () => caughtUp(request, tenant!);
    const first = await cost(follow, size);
    await asAdmin(place, (admin) => admin.query("vacuum analyze"));
    progress(`facts of ${figure(size)} tickets made for the first time, ${figure(first, 3)} ms each`);
    return report(await measure(request, tenant!, { cost, follow, tickets }));
  } finally {
    await closeDatabase();
    await server.stop({ immediate: true });
  }
}

interface Figures {
  name: string;
  change: number;
  facts: number;
}

async function measure(
  request: RequestInfo,
  tenant: SeededTenant,
  { cost, follow, tickets }: {
    cost: (work: () => Promise<unknown>, count: number) => Promise<number>;
    follow: () => Promise<void>;
    tickets: number;
  },
): Promise<{ each: Figures[]; whole: Figures }> {
  let made: Made[] = [];
  const change = async (step: Step | null) => {
    const before = made;
    made = await inFours(
      tickets,
      (i) =>
        actAsUser(request, claimOf(tenant, i), (cx) =>
          step ? step.run(cx, before[i]!) : createTicket(cx, {
            title: `The printer does not answer (${i})`,
            description: DESCRIPTION,
            categoryId: tenant.categories[i % tenant.categories.length],
            source: "web",
          })),
    );
  };
  const steps: [string, Step | null][] = [
    ["create", null],
    ...STEPS.map((step): [string, Step] => [step.name, step]),
  ];
  await change(null);
  await follow();
  const each: Figures[] = [];
  for (const [name, step] of steps) {
    each.push({ name, change: await cost(() => change(step), tickets), facts: await cost(follow, tickets) });
    progress(name);
  }
  let whole = 0;
  for (const [, step] of steps) whole += await cost(() => change(step), tickets);
  return {
    each,
    whole: { name: "all of them, then once", change: whole, facts: await cost(follow, tickets) },
  };
}

function report({ each, whole }: { each: Figures[]; whole: Figures }): boolean {
  const every = {
    name: "all of them, after each",
    change: each.reduce((sum, { change }) => sum + change, 0),
    facts: each.reduce((sum, { facts }) => sum + facts, 0),
  };
  print("\nProcessor time of the database in milliseconds, for a change of a ticket and for its facts:\n");
  print(table(
    ["change", "the change", "the facts", "share"],
    [...each, every, whole].map(({ name, change, facts }) => [
      name,
      figure(change, 3),
      figure(facts, 3),
      `${figure(facts / change * 100, 1)}%`,
    ]),
  ));
  return whole.facts / whole.change <= BAR;
}

async function caughtUp(request: RequestInfo, tenant: SeededTenant): Promise<void> {
  const claim: Claim = { kind: "system", tenantId: tenant.id };
  while ((await act(request, claim, (cx) => catchUp(cx, AT_ONCE))).more);
}

function claimOf(tenant: SeededTenant, i: number): Claim {
  const seat = tenant.agents[i % tenant.agents.length]!;
  return { kind: "session", tenantId: tenant.id, sessionId: seat.sessionId, secretHash: null };
}

async function inFours<T>(count: number, fn: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = new Array(count);
  let next = 0;
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (next < count) {
      const i = next++;
      results[i] = await fn(i);
    }
  }));
  return results;
}
