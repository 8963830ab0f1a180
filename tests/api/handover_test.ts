/** Handing over more than a few tickets: the person leaves at once, a job does the rest in steps. */
import { claimJobs, settleJobs } from "@/domain/jobs/claim.ts";
import { JOB_KINDS } from "@/jobs/kinds.ts";
import { resumeAllHandovers } from "@/jobs/resume_handovers.ts";
import { runJob } from "@/jobs/runner.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import type { Desk } from "@/tests/helpers/desk.ts";
import { drainJobs, NEVER } from "@/tests/helpers/jobs.ts";
import { makeTickets, rowsOfLastChange, watchAll } from "@/tests/helpers/many_tickets.ts";
import { assertProblem, openScene, raise, type Scene } from "@/tests/helpers/ticket_scene.ts";

const HANDOVER = { handover: JOB_KINDS.handover! };
const drain = (desk: Desk) => drainJobs(desk.services, { kinds: HANDOVER });

/** One step of the one handover that is due. */
async function step(desk: Desk): Promise<void> {
  const [job] = await claimJobs("handover", { limit: 1, leaseSeconds: 55 });
  const outcome = await runJob(desk.request(), job!, { handler: HANDOVER.handover.handler });
  await settleJobs([{ job: job!, outcome }]);
}

async function change(admin: Client, person: Client, fields: Record<string, unknown>): Promise<void> {
  const path = `/users/${person.user.id}`;
  const { version } = (await admin.get(path)).body;
  assertEquals((await admin.patch(path, { version, ...fields })).status, 200);
}

/** How many active tickets people have, by name; "-" is nobody. */
async function held(desk: Desk): Promise<Record<string, number>> {
  const rows = await desk.look<{ name: string; n: number }>(
    `select coalesce(u.name, '-') as name, count(*)::int as n from tickets t left join users u on u.id = t.assignee_id
    where t.status = 'open' group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

async function rowsOf(desk: Desk, table: string): Promise<number> {
  const [row] = await desk.look<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row!.n;
}

async function textOf(client: Client, path: string): Promise<string> {
  const { document } = await (await PageClient.signedIn(client)).get(path);
  return document.body.textContent.replaceAll(/\s+/g, " ");
}

/** Cem, who leaves, with `many` tickets in the queue, and Dan. */
async function leaver({ desk, admin, requester, queue }: Scene, many: number) {
  const [cem, dan] = [
    await admin.invite("AGENT", "Cem Cole", [queue]),
    await admin.invite("AGENT", "Dan Doe", [queue]),
  ];
  const tickets = await makeTickets(desk, { many, requester, assignee: cem, queue });
  return { cem, dan, tickets };
}

Deno.test("handover: who has many tickets is gone at once, and the rest follows with everybody told", async (t) => {
  await using scene = await openScene();
  const { desk, admin, requester, stranger, queue } = scene;
  const { cem, dan, tickets } = await leaver(scene, 230);
  const watched = await makeTickets(desk, { many: 130, requester: stranger });
  await watchAll(desk, watched, cem);
  const path = `/users/${cem.user.id}/responsibilities`;

  await t.step("the change itself writes as much as for a person without a ticket", async () => {
    await change(admin, cem, { active: false, handTo: dan.user.id });
    const idle = await admin.invite("AGENT", "Ida Idle", [queue]);
    await change(admin, idle, { active: false, handTo: dan.user.id });
    const [many, none] = [
      await rowsOfLastChange(desk, cem.user.id),
      await rowsOfLastChange(desk, idle.user.id),
    ];
    // What is kept of the handover, and its job.
    assert(none > 3 && many <= none + 2, `${many} rows, ${none} without a ticket`);
    assertEquals((await cem.get("/me")).status, 401);
    assertEquals(await held(desk), { "Cem Cole": 230, "-": 130 });
  });

  await t.step("it is seen to be under way, and nothing more is assigned to them", async () => {
    const { assigned, watched, handover } = (await admin.get(path)).body;
    assertEquals([assigned.count, watched.count], [230, 130]);
    assertEquals(handover.handTo, { id: dan.user.id, name: "Dan Doe" });
    const page = await textOf(admin, `/admin/users/${cem.user.id}`);
    assert(page.includes("230 tickets still to hand over to Dan Doe"), page);
    const ticket = await raise(requester);
    const assigned422 = await admin.put(`/tickets/${ticket.id}/assignment`, {
      version: ticket.version,
      assigneeId: cem.user.id,
    });
    assertProblem(assigned422, 422, "invalid");
  });

  await t.step("a step is bounded, and repeated does nothing twice", async () => {
    const before = await rowsOf(desk, "audit_log");
    await step(desk);
    assertEquals(await rowsOf(desk, "audit_log") - before, 25);
    // As if another transaction had been slower than the one that deactivated them.
    await desk.look("update tickets set assignee_id = $1 where id = $2", [cem.user.id, watched[0]]);
    const total = await drain(desk);
    assertEquals(total, { done: 1, skipped: 0, failed: 0 });
    assertEquals(await drain(desk), { done: 0, skipped: 0, failed: 0 });
  });

  await t.step("each ticket once, in the name of the admin, with notifications", async () => {
    assertEquals(await held(desk), { "-": 129, "Dan Doe": 231 });
    const entries = await desk.look<{ action: string; actor_id: string; n: number; tickets: number }>(
      `select action, actor_id, count(*)::int as n, count(distinct entity_id)::int as tickets from audit_log
      where action in ('ticket.assigned', 'ticket.watcher_removed') group by 1, 2 order by 1`,
    );
    assertEquals(entries, [
      { action: "ticket.assigned", actor_id: admin.user.id, n: 231, tickets: 231 },
      { action: "ticket.watcher_removed", actor_id: admin.user.id, n: 130, tickets: 130 },
    ]);
    const [told] = await desk.look<{ n: number }>(
      "select count(distinct ticket_id)::int as n from notifications where user_id = $1 and kind = 'ticket_assigned'",
      [dan.user.id],
    );
    assertEquals(told!.n, 231);
    assertEquals((await admin.get(path)).body.handover, null);
    assertEquals([await rowsOf(desk, "handovers"), tickets.length], [0, 230]);
  });
});

Deno.test("handover: whoever comes back keeps what isn't handed over yet", async (t) => {
  await using scene = await openScene();
  const { desk, admin } = scene;
  const { cem, dan } = await leaver(scene, 75);

  await t.step("reactivated after a step", async () => {
    await change(admin, cem, { active: false, handTo: dan.user.id });
    await step(desk);
    await change(admin, cem, { active: true });
    assertEquals((await admin.get(`/users/${cem.user.id}/responsibilities`)).body.handover, null);
    assertEquals(await drain(desk), { done: 0, skipped: 1, failed: 0 });
    assertEquals(await held(desk), { "Cem Cole": 50, "Dan Doe": 25 });
  });

  await t.step("leaving once more, to nobody: what was chosen last counts", async () => {
    await change(admin, cem, { active: false, handTo: dan.user.id });
    await change(admin, cem, { active: true });
    await change(admin, cem, { active: false });
    assertEquals(await drain(desk), { done: 1, skipped: 1, failed: 0 });
    assertEquals(await held(desk), { "-": 50, "Dan Doe": 25 });
  });

  await t.step("made a requester, and reactivated as one: it goes on", async () => {
    await change(admin, dan, { active: false });
    await change(admin, dan, { role: "REQUESTER" });
    await change(admin, dan, { active: true });
    await drain(desk);
    assertEquals(await held(desk), { "-": 75 });
  });
});

Deno.test("handover: who is made a requester and then deactivated", async (t) => {
  await using scene = await openScene();
  const { desk, admin, queue } = scene;
  const { cem, dan } = await leaver(scene, 75);
  const toDan = () => change(admin, cem, { role: "REQUESTER", handTo: dan.user.id });

  await t.step("who was to get their tickets gets them", async () => {
    await toDan();
    await step(desk);
    await change(admin, cem, { active: false });
    const { handover } = (await admin.get(`/users/${cem.user.id}/responsibilities`)).body;
    assertEquals(handover.handTo, { id: dan.user.id, name: "Dan Doe" });
    // The first is that of the decision that was replaced.
    await step(desk);
    await step(desk);
    assertEquals(await held(desk), { "Cem Cole": 25, "Dan Doe": 50 });
  });

  await t.step("and reactivated as one: they keep none", async () => {
    await change(admin, cem, { active: true });
    await drain(desk);
    assertEquals(await held(desk), { "Dan Doe": 75 });
  });

  await t.step("deactivated with another successor: what was chosen last counts", async () => {
    await change(admin, cem, { role: "AGENT" });
    const eve = await admin.invite("AGENT", "Eve East", [queue]);
    await desk.look("update tickets set assignee_id = $1", [cem.user.id]);
    await toDan();
    await change(admin, cem, { active: false, handTo: eve.user.id });
    await drain(desk);
    assertEquals(await held(desk), { "Eve East": 75 });
  });
});

Deno.test("handover: a ticket that can't be handed over keeps none of the others", async (t) => {
  await using scene = await openScene();
  const { desk, admin } = scene;
  const { cem, dan, tickets } = await leaver(scene, 60);
  const path = `/users/${cem.user.id}/responsibilities`;
  const heldUp = async () => (await admin.get(path)).body.handover.heldUp;
  await desk.look(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'broken'; end $$`,
  );
  await desk.look(`create trigger refuse before update on tickets for each row
    when (old.id in ('${tickets[0]}', '${tickets[1]}')) execute function refuse()`);

  await t.step("it waits, and the person's page says so", async () => {
    await change(admin, cem, { active: false, handTo: dan.user.id });
    assertEquals(await heldUp(), false);
    assertEquals(await drain(desk), { done: 0, skipped: 0, failed: 0 });
    assertEquals(await held(desk), { "Cem Cole": 2, "Dan Doe": 58 });
    assertEquals(await heldUp(), true);
    const page = await textOf(admin, `/admin/users/${cem.user.id}`);
    assert(page.includes("2 tickets still to hand over to Dan Doe. The last attempt failed."), page);
    const [job] = await desk.look<{ later: boolean }>(
      "select run_at > now() + interval '200 s' as later from jobs where kind = 'handover' and state = 'ready'",
    );
    assertEquals(job, { later: true });
  });

  await t.step("given up all the same, it is resumed by the clock", async () => {
    await desk.look(
      "update jobs set state = 'dead', attempts = 9, finished_at = now() where kind = 'handover'",
    );
    assertEquals(await heldUp(), true);
    await desk.look("drop trigger refuse on tickets");
    assertEquals(await resumeAllHandovers(desk.request(), NEVER), 1);
    assertEquals(await drain(desk), { done: 1, skipped: 0, failed: 0 });
    assertEquals(await held(desk), { "Dan Doe": 60 });
    assertEquals(await resumeAllHandovers(desk.request(), NEVER), 0);
  });

  await t.step("nor does it keep somebody with few tickets from being deactivated", async () => {
    await desk.look("update tickets set assignee_id = $1 where id = any($2)", [dan.user.id, tickets]);
    await desk.look("update tickets set status = 'closed' where id <> all($1)", [tickets.slice(0, 3)]);
    await desk.look(`create trigger refuse before update on tickets for each row
      when (old.id = '${tickets[0]}') execute function refuse()`);
    await change(admin, dan, { active: false });
    assertEquals(await held(desk), { "-": 2, "Dan Doe": 1 });
    await desk.look("drop trigger refuse on tickets");
    await drain(desk);
    assertEquals(await held(desk), { "-": 3 });
  });
});

Deno.test("handover: the forms say that it goes on, and for few tickets what became of them", async () => {
  await using scene = await openScene();
  const { desk, admin, requester, queue } = scene;
  const { cem, dan } = await leaver(scene, 21);
  await makeTickets(desk, { many: 2, requester, assignee: dan, queue });
  const browser = await PageClient.signedIn(admin);
  const deactivate = async (person: Client) => {
    const page = await browser.get(`/admin/users/${person.user.id}`);
    const after = await browser.follow(await browser.submit(page, "#deactivate"));
    return after.document.querySelector(".flash-region")!.textContent;
  };
  assertEquals(
    await deactivate(cem),
    "Cem Cole was deactivated and signed out everywhere. What they leave behind is being handed over",
  );
  assertEquals(
    await deactivate(dan),
    "Dan Doe was deactivated and signed out everywhere. 2 tickets went back to their queues. " +
      "Nobody is left in: Network",
  );
});

Deno.test("handover: who was to get the tickets leaves meanwhile, and they go back to the queue's rule", async () => {
  await using scene = await openScene();
  const { desk, admin, queue } = scene;
  const { cem, dan } = await leaver(scene, 50);
  const [eve, fay] = [
    await admin.invite("AGENT", "Eve East", [queue]),
    await admin.invite("AGENT", "Fay Field", [queue]),
  ];
  const { version } = (await admin.get(`/queues/${queue}`)).body;
  await admin.patch(`/queues/${queue}`, { version, assignmentRule: "round_robin" });
  await change(admin, cem, { role: "REQUESTER", handTo: dan.user.id });
  await change(admin, dan, { active: false });
  await drain(desk);
  assertEquals(await held(desk), { [eve.user.name]: 25, [fay.user.name]: 25 });
});

Deno.test("handover: who is made a requester doesn't see any longer what they watched", async () => {
  await using scene = await openScene();
  const { desk, admin, stranger } = scene;
  const { cem, dan } = await leaver(scene, 30);
  const watched = await makeTickets(desk, { many: 60, requester: stranger });
  await watchAll(desk, watched, cem);
  await change(admin, cem, { role: "REQUESTER", handTo: dan.user.id });
  const seen = await Promise.all(watched.map(async (id) => (await cem.get(`/tickets/${id}`)).status));
  assertEquals(new Set(seen), new Set([404]));
  assertEquals((await cem.get("/tickets")).body.items, []);
  assertEquals(await held(desk), { "-": 60, "Cem Cole": 30 });
  await drain(desk);
  assertEquals(await held(desk), { "-": 60, "Dan Doe": 30 });
});

Deno.test("handover: of a queue that somebody lost, but not what is assigned to them after that", async (t) => {
  await using scene = await openScene();
  const { desk, admin, queue } = scene;
  const { cem, dan, tickets } = await leaver(scene, 40);
  const member = `/queues/${queue}/members/${cem.user.id}`;

  await t.step("the queue's page says what is left", async () => {
    assertEquals((await admin.delete(`${member}?handTo=${dan.user.id}`)).status, 204);
    assertEquals(await held(desk), { "Cem Cole": 40 });
    const page = await textOf(admin, `/admin/queues/${queue}`);
    assert(page.includes("Cem Cole left: 40 tickets still to hand over."), page);
  });

  await t.step("a member again: it stops", async () => {
    assertEquals((await admin.put(member)).status, 200);
    assertEquals(await drain(desk), { done: 0, skipped: 1, failed: 0 });
    assertEquals(await held(desk), { "Cem Cole": 40 });
  });

  await t.step("a ticket that is given back stays", async () => {
    await admin.delete(`${member}?handTo=${dan.user.id}`);
    const assign = async (assigneeId: string) => {
      const { version } = (await admin.get(`/tickets/${tickets[0]}`)).body;
      await admin.put(`/tickets/${tickets[0]}/assignment`, { version, assigneeId });
    };
    await assign(dan.user.id);
    await assign(cem.user.id);
    const page = await textOf(admin, `/admin/queues/${queue}`);
    assert(page.includes("Cem Cole left: 39 tickets still to hand over."), page);
    assertEquals(await drain(desk), { done: 1, skipped: 0, failed: 0 });
    assertEquals(await held(desk), { "Cem Cole": 1, "Dan Doe": 39 });
  });
});

Deno.test("handover: the pages count no tickets where only watches are left", async (t) => {
  await using scene = await openScene();
  const { desk, admin, stranger, queue } = scene;
  const { cem } = await leaver(scene, 0);
  const watched = await makeTickets(desk, { many: 150, requester: stranger, queue });
  await watchAll(desk, watched, cem);

  await t.step("of a queue that somebody lost", async () => {
    const { version } = (await admin.get("/tenant")).body;
    assertEquals((await admin.patch("/tenant", { version, agentsSeeAll: false })).status, 200);
    await admin.delete(`/queues/${queue}/members/${cem.user.id}`);
    assertEquals(await rowsOf(desk, "handovers"), 1);
    const page = await textOf(admin, `/admin/queues/${queue}`);
    assert(!page.includes("still to hand over") && !page.includes("Cem Cole left"), page);
  });

  await t.step("of a person", async () => {
    await change(admin, cem, { active: false });
    const page = await textOf(admin, `/admin/users/${cem.user.id}`);
    assert(!page.includes("still to hand over"), page);
    assert(
      page.includes("What they watch is still to be taken from them. This goes on in the background."),
      page,
    );
    await drain(desk);
    assert(!(await textOf(admin, `/admin/users/${cem.user.id}`)).includes("in the background"), "It goes on");
  });
});

Deno.test("handover: who is assigned tickets while they are deactivated keeps none", async () => {
  await using scene = await openScene();
  const { desk, admin, requester, queue } = scene;
  const { cem } = await leaver(scene, 0);
  const tickets = await makeTickets(desk, { many: 12, requester, queue });
  const assigning = tickets.map((id) =>
    admin.put(`/tickets/${id}/assignment`, { version: 1, assigneeId: cem.user.id })
  );
  const answers = await Promise.all([...assigning, change(admin, cem, { active: false })]);
  const refused = answers.filter((answer) => answer && answer.status !== 200);
  assertEquals(refused.filter((answer) => answer && answer.status !== 422), []);
  await drain(desk);
  assertEquals(await held(desk), { "-": 12 });
});
