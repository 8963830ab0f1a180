/** The people and things that the tests of tickets share, and what they look at. */
import { assertEquals } from "./assert.ts";
import type { Answer, Client } from "./client.ts";
import { type Desk, openDesk } from "./desk.ts";
import type { Status } from "@/domain/tickets/model/states.ts";

/** Two organisations; the first with an agent and two requesters, a queue, and a category that leads to it. */
export interface Scene {
  desk: Desk;
  admin: Client;
  agent: Client;
  requester: Client;
  stranger: Client;
  other: Client;
  queue: string;
  category: string;
}

/** An id that is nobody's. */
export const UNKNOWN = "01940000-0000-7000-8000-000000000000";

export async function openScene(env: Record<string, string> = {}): Promise<Scene & AsyncDisposable> {
  const desk = await openDesk(env);
  const admin = await desk.register("Harbour Works");
  const other = await desk.register("Other Works");
  const [agent, requester, stranger] = await Promise.all([
    admin.invite("AGENT", "Ana Agent"),
    admin.invite("REQUESTER", "Rob Requester"),
    admin.invite("REQUESTER", "Sue Stranger"),
  ]);
  const queue = (await admin.post("/queues", { name: "Network" })).body.id;
  const category = (await admin.post("/categories", { name: "Cables", queueId: queue })).body.id;
  return {
    desk,
    admin,
    agent: agent!,
    requester: requester!,
    stranger: stranger!,
    other,
    queue,
    category,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

/** Raises a ticket and returns it. */
export async function raise(client: Client, fields: Record<string, unknown> = {}) {
  const answer = await client.post("/tickets", {
    title: "Printer jams",
    description: "Paper tray 2",
    ...fields,
  });
  assertEquals(answer.status, 201);
  return answer.body;
}

async function traces(desk: Desk) {
  const [row] = await desk.look<{ audit: number; events: number; outbox: number; tickets: number }>(
    `select (select count(*) from audit_log) as audit, (select count(*) from events) as events,
      (select count(*) from outbox) as outbox, (select count(*) from tickets) as tickets`,
  );
  return row!;
}

/** How many rows of audit, events and outbox `work` left behind. */
export async function added(desk: Desk, work: () => Promise<unknown>) {
  const before = await traces(desk);
  await work();
  const after = await traces(desk);
  return {
    audit: after.audit - before.audit,
    events: after.events - before.events,
    outbox: after.outbox - before.outbox,
  };
}

/** @throws AssertionError unless the answer is a problem of this status and code */
export function assertProblem(answer: Answer, status: number, code: string): void {
  assertEquals([answer.status, answer.type, answer.body.type], [
    status,
    "application/problem+json",
    `/problems/${code}`,
  ]);
}

/** Takes a new ticket to a state by way of the database: how it got there is not what is tested. */
export async function put(desk: Desk, id: string, status: Status, endedDaysAgo = 0): Promise<number> {
  const ended = ["closed", "cancelled"].includes(status);
  const [row] = await desk.look<{ version: number }>(
    `update tickets set status = $2, pending_reason = case when $2 = 'pending' then 'vendor' end,
      resolved_at = case when $2 in ('resolved', 'closed') then now() end,
      closed_at = case when $3 then now() - $4 * interval '1 day' end where id = $1 returning version`,
    [id, status, ended, endedDaysAgo],
  );
  return row!.version;
}

/** As organisations were before they had a default queue: what nothing routes is in no queue, as old tickets are. */
export async function forgetDefaultQueue(desk: Desk): Promise<void> {
  await desk.look("update tenants set default_queue_id = null, config_version = config_version + 1");
}
