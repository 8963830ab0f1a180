import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { passMinutes, promise } from "@/tests/helpers/sla_scene.ts";
import { forgetDefaultQueue, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

interface Listed {
  id: string;
  status: string;
  queue: { id: string } | null;
  sla: Record<"firstResponse" | "resolution", { state: string; dueAt: string | null } | null>;
}

/** All of a list, read in pages of `limit`. */
async function all(client: Client, query: string, limit = 100): Promise<Listed[]> {
  const items: Listed[] = [];
  for (let cursor = "";;) {
    const { status, body } = await client.get(
      `/tickets?${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`,
    );
    assertEquals(status, 200);
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    cursor = body.nextCursor;
  }
}

const ids = (list: Listed[]) => list.map(({ id }) => id);
const breached = ({ sla }: Listed) =>
  [sla.firstResponse, sla.resolution].some((clock) => clock?.state === "breached");
const ACTIVE = ["new", "open", "in_progress", "pending"];

Deno.test("lists by SLA", async (t) => {
  await using scene = await openScene();
  await forgetDefaultQueue(scene.desk);
  const { desk, admin, agent, requester, queue } = scene;
  await promise(admin, { firstResponse: 60, resolution: 480 });
  const move = (id: string, to: string, fields: Record<string, unknown>) =>
    agent.post(`/tickets/${id}/transitions`, { to, version: 1, ...fields });
  const aged: Record<number, string> = {};
  for (const minutes of [3, 20, 46, 55, 61, 130, 500, 600]) {
    const { id } = await raise(requester);
    await passMinutes(desk, id, minutes);
    aged[minutes] = id;
  }
  const inQueue = (await raise(agent, { queueId: queue })).id;
  await passMinutes(desk, inQueue, 90);
  const late = (await raise(requester)).id;
  await passMinutes(desk, late, 700);
  await move(late, "resolved", { note: "At last" });
  const inTime = (await raise(requester)).id;
  await move(inTime, "resolved", { note: "At once" });
  const waiting = (await raise(requester)).id;
  await passMinutes(desk, waiting, 50);
  await agent.post(`/tickets/${waiting}/comments`, { visibility: "public", body: "Which one?" });
  await move(waiting, "pending", { reason: "requester" });
  const every = await all(agent, "sort=created");

  await t.step(
    "breached are those with a clock that is, also over; at risk those that run and are near it",
    async () => {
      for (const sort of ["due", "-due", "created", "-updated"]) {
        for (const limit of [2, 100]) {
          const over = await all(agent, `sla=breached&sort=${sort}`, limit);
          assertEquals(ids(over).sort(), ids(every.filter(breached)).sort());
          const near = await all(agent, `sla=at_risk&sort=${sort}`, limit);
          assertEquals(ids(near).sort(), [aged[46]!, aged[55]!].sort());
          const due = await all(agent, `sla=due&sort=${sort}`, limit);
          assertEquals(ids(due).sort(), [3, 20, 46, 55].map((minutes) => aged[minutes]!).sort());
          const either = await all(agent, `sla=at_risk&sla=breached&sort=${sort}`, limit);
          assertEquals(ids(either).sort(), [...ids(over), ...ids(near)].sort());
        }
      }
      assert(ids(every.filter(breached)).includes(late));
      assertEquals(ids(await all(agent, "sla=at_risk&status=resolved")), []);
      const running = await all(agent, "sla=due&sla=at_risk&sort=due");
      assertEquals(ids(running), [55, 46, 20, 3].map((minutes) => aged[minutes]!));
    },
  );

  await t.step("with other filters", async () => {
    const active = ACTIVE.map((status) => `status=${status}`).join("&");
    const over = every.filter(breached);
    assertEquals(
      ids(await all(agent, `sla=breached&${active}&sort=due`)).sort(),
      ids(over.filter(({ status }) => ACTIVE.includes(status))).sort(),
    );
    assertEquals(ids(await all(agent, `sla=breached&queueId=${queue}&sort=due`)), [inQueue]);
    assertEquals(ids(await all(agent, "sla=breached&status=resolved&sort=-due")), [late]);
    const mine = await all(requester, "sla=breached&sort=due");
    assertEquals(ids(mine).sort(), ids(over.filter(({ id }) => id !== inQueue)).sort());
  });

  await t.step(
    "by due time: what is latest first, then what is due next, then what isn't late any more",
    async () => {
      for (const client of [agent, requester]) {
        const up = await all(client, "sort=due", 3);
        assertEquals(ids(up).sort(), ids(await all(client, "sort=created")).sort());
        const running = [600, 500, 130, 61, 55, 46, 20, 3].map((minutes) => aged[minutes]!);
        assertEquals(ids(up).filter((id) => running.includes(id)), running);
        assertEquals(ids(up).slice(-3).sort(), [inTime, late, waiting].sort());
        const down = await all(client, "sort=-due", 3);
        assertEquals(ids(down), ids(up).reverse());
      }
    },
  );

  await t.step("counts hold to the filter", async () => {
    const { body } = await agent.get("/tickets/counts?sla=breached");
    assertEquals(body.matching, { count: every.filter(breached).length, capped: false });
  });

  await t.step("an agent who sees some queues alone gets theirs", async () => {
    await admin.api("PUT", `/queues/${queue}/members/${agent.user.id}`);
    await desk.look("update tenants set agents_see_all = false");
    const other = (await admin.post("/queues", { name: "Elsewhere" })).body.id;
    const hidden = (await raise(admin, { queueId: other })).id;
    await passMinutes(desk, hidden, 90);
    assert(ids(await all(admin, "sla=breached&sort=due")).includes(hidden));
    const seen = await all(agent, "sla=breached&sort=due", 2);
    assertEquals(ids(seen).sort(), ids(every.filter(breached)).sort());
  });
});
