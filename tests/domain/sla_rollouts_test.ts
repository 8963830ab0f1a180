import { act } from "@/domain/cx.ts";
import { advanceRollout } from "@/domain/sla/tracking/rollouts.ts";
import { rollOutSla } from "@/jobs/roll_out_sla.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { ALWAYS, passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const TICKETS = 230;

Deno.test("open tickets follow a new version when that was asked for", async (t) => {
  await using scene = await openScene();
  const { desk, admin, agent, requester } = scene;
  const ids = await promise(admin, { firstResponse: 60, resolution: 480 });
  const raised: { id: string }[] = [];
  while (raised.length < TICKETS) {
    raised.push(...await Promise.all(Array.from({ length: 10 }, () => raise(requester))));
  }
  const first = raised[0]!;
  const resolved = await raise(requester);
  await agent.post(`/tickets/${resolved.id}/transitions`, { to: "resolved", note: "Done", version: 1 });
  const system = { kind: "system", tenantId: admin.tenant.id } as const;
  const policy = async () => (await admin.get(`/sla-policies/${ids.policy}`)).body;
  const edit = async (fields: Record<string, unknown>) => {
    const { version, targets } = await policy();
    const answer = await admin.patch(`/sla-policies/${ids.policy}`, { version, targets, ...fields });
    assertEquals(answer.status, 200);
  };
  const targets = (minutes: number) => ({ firstResponse: { medium: 60 }, resolution: { medium: minutes } });
  const target = async (id: string) => (await agent.get(`/tickets/${id}`)).body.sla.resolution.targetMinutes;
  const rows = (kind: string) =>
    desk.look<{ ticket_id: string; n: number }>(
      "select ticket_id, count(*)::int as n from sla_ledger where kind = $1 group by 1",
      [kind],
    );

  await t.step("without that they keep the version they have, and new ones get the new one", async () => {
    await edit({ targets: targets(500) });
    assertEquals(await rollOutSla(desk.request(), NEVER), 0);
    assertEquals(await target(first.id), 480);
    assertEquals((await raise(requester)).sla.resolution.targetMinutes, 500);
    // Another priority is read from the version that the ticket has.
    const { body } = await agent.patch(`/tickets/${raised[1]!.id}`, { version: 1, priority: "urgent" });
    assertEquals(body.sla.resolution.targetMinutes, 120);
  });

  await t.step("with it all of them do, once, whoever runs and wherever it is cut off", async () => {
    await edit({ targets: targets(600), applyToOpen: true });
    assertEquals(await act(desk.request(), system, advanceRollout), { done: 100, more: true });
    await act(desk.request(), system, async (cx) => {
      await advanceRollout(cx);
      throw new Error("cut off");
    }).catch(() => {});
    const [a, b] = await Promise.all([rollOutSla(desk.request(), NEVER), rollOutSla(desk.request(), NEVER)]);
    // One more was raised under the version in between.
    assertEquals(100 + a! + b!, TICKETS + 1);
    const followed = await rows("policy");
    assertEquals([followed.length, followed.every(({ n }) => n === 1)], [TICKETS + 1, true]);
    assertEquals(await target(first.id), 600);
    assertEquals(await target(resolved.id), 480);
    const { lines } = (await agent.get(`/tickets/${first.id}/sla`)).body;
    assertEquals([lines[1].rule, lines[1].actor.name], [
      "Version 4 of policy “Standard” applies",
      admin.user.name,
    ]);
    const [left] = await desk.look("select count(*)::int as n from sla_rollouts where done_at is null");
    assertEquals(left, { n: 0 });
    assertEquals(await rollOutSla(desk.request(), NEVER), 0);
  });

  await t.step("a target that has passed is breached at once, dated at the change", async () => {
    await passMinutes(desk, first.id, 100);
    const before = Date.now();
    await edit({ targets: targets(90), applyToOpen: true });
    await rollOutSla(desk.request(), NEVER);
    const { resolution, firstResponse } = (await agent.get(`/tickets/${first.id}/sla`)).body;
    assertEquals([resolution.state, firstResponse.state], ["breached", "breached"]);
    assert(Date.parse(resolution.breachedAt) >= before - 1000);
  });

  await t.step("a new calendar counts from its row on; what was counted stays", async () => {
    const second = raised[2]!;
    await passMinutes(desk, second.id, 50);
    const calendar = (await admin.get(`/calendars/${ids.calendar}`)).body;
    const closed = Object.fromEntries(Object.keys(ALWAYS).map((day) => [day, []]));
    const day = new Date(Date.now() + 3 * 86_400_000).getUTCDay();
    const open = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"][day]!;
    const week = { ...closed, [open]: [{ from: "09:00", to: "17:00" }] };
    const edited = await admin.patch(`/calendars/${ids.calendar}`, {
      version: calendar.version,
      week,
      applyToOpen: true,
    });
    assertEquals(edited.status, 200);
    assert(await rollOutSla(desk.request(), NEVER) >= TICKETS);
    const { body } = await agent.get(`/tickets/${second.id}`);
    assertEquals(body.sla.firstResponse.elapsedMinutes, 50);
    const due = new Date(body.sla.firstResponse.dueAt);
    // Ten minutes after it opens, less the seconds that this test took.
    assertEquals(due.getUTCDay(), day);
    assert(/T09:(?:09:[3-5]|10:00)/.test(due.toISOString()), due.toISOString());
    const calendars = await rows("calendar");
    assert(calendars.length >= TICKETS && calendars.every(({ n }) => n === 1));
  });
});
