import { createConfigCache } from "@/adapters/config_cache.ts";
import { RedisLink } from "@/adapters/redis_link.ts";
import { cachedConfig, noteConfigChange } from "@/domain/config_cache.ts";
import { act, type Cx } from "@/domain/cx.ts";
import { sql } from "@/db/sql.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { startRedis } from "@/tests/helpers/redis.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin, requester } = scene;
const cache = desk.services.configCache;
const tenantId = admin.tenant.id;

const within = <T>(fn: (cx: Cx) => Promise<T>) => act(desk.request(), { kind: "system", tenantId }, fn);
const versionNow = () => within((cx) => Promise.resolve(cx.tenant.configVersion));
const queueName = (cx: Cx, id: string) =>
  cachedConfig(cx, `name:${id}`, async () => {
    const row = await cx.db.first<{ name: string }>(
      sql`select name from queues where tenant_id = ${cx.tenant.id} and id = ${id}`,
    );
    return row?.name ?? null;
  });
const makeQueue = async (name: string): Promise<string> => (await admin.post("/queues", { name })).body.id;

Deno.test("every change to a queue, category, calendar or policy raises the version; nothing else does", async () => {
  let last = await versionNow();
  const raises = async (
    what: string,
    change: () => Promise<{ status: number; body: { id: string; version: number } }>,
  ) => {
    const answer = await change();
    assert(answer.status < 300, `${what}: ${answer.status}`);
    const now = await versionNow();
    assert(now > last, what);
    last = now;
    return answer.body;
  };
  const queue = await raises("new queue", () => admin.post("/queues", { name: "Cabling" }));
  await raises(
    "edited queue",
    () => admin.patch(`/queues/${queue.id}`, { version: queue.version, name: "Cables" }),
  );
  const category = await raises("new category", () => admin.post("/categories", { name: "Patch panels" }));
  await raises(
    "edited category",
    () => admin.patch(`/categories/${category.id}`, { version: category.version, queueId: queue.id }),
  );
  const week = { monday: [{ from: "09:00", to: "17:00" }] };
  const calendar = await raises(
    "new calendar",
    () => admin.post("/calendars", { name: "Mondays", timeZone: "Europe/Vienna", week, holidays: [] }),
  );
  await raises(
    "edited calendar",
    () => admin.patch(`/calendars/${calendar.id}`, { version: calendar.version, timeZone: "Europe/London" }),
  );
  const targets = { firstResponse: { medium: 60 }, resolution: { medium: 240 } };
  const policy = await raises(
    "new policy",
    () =>
      admin.post("/sla-policies", {
        name: "Cables",
        calendarId: calendar.id,
        categoryId: category.id,
        targets,
      }),
  );
  await raises(
    "edited policy",
    () => admin.patch(`/sla-policies/${policy.id}`, { version: policy.version, name: "Cables only" }),
  );
  await raise(requester, { categoryId: category.id });
  await admin.put(`/queues/${queue.id}/members/${scene.agent.user.id}`);
  // A ticket and a member leave it alone.
  assertEquals(await versionNow(), last);
});

Deno.test("a change that is rolled back raises nothing, and nothing that it read is kept", async () => {
  const id = await makeQueue("Kept name");
  const before = await versionNow();
  await assertRejects(() =>
    within(async (cx) => {
      await cx.db.run(sql`update queues set name = 'Never' where tenant_id = ${tenantId} and id = ${id}`);
      noteConfigChange(cx, "queue");
      assertEquals(await queueName(cx, id), "Never");
      throw new Error("Rolled back");
    }), /Rolled back/);
  assertEquals(await versionNow(), before);
  assertEquals(await within((cx) => queueName(cx, id)), "Kept name");
});

Deno.test("the second reader is served from the cache, and a change is seen by the next transaction", async () => {
  const id = await makeQueue("First name");
  await within((cx) => queueName(cx, id));
  const { hits } = cache.stats();
  assertEquals(await within((cx) => queueName(cx, id)), "First name");
  assertEquals(cache.stats().hits, hits + 1);
  const { body } = await admin.get(`/queues/${id}`);
  await admin.patch(`/queues/${id}`, { version: body.version, name: "Second name" });
  assertEquals(await within((cx) => queueName(cx, id)), "Second name");
});

Deno.test("a transaction that began before a change keeps nothing that it reads after it", async () => {
  const id = await makeQueue("Early");
  const { body } = await admin.get(`/queues/${id}`);
  await within(async (cx) => {
    await admin.patch(`/queues/${id}`, { version: body.version, name: "Late" });
    assertEquals(await queueName(cx, id), "Late");
    assertEquals(cache.get({ tenantId, version: cx.tenant.configVersion }, `name:${id}`), undefined);
  });
  await within((cx) => queueName(cx, id));
  await within((cx) => {
    const now = { tenantId, version: cx.tenant.configVersion };
    assertEquals(cache.get(now, `name:${id}`), "Late");
    // A transaction of an older version finds nothing, and leaves the newer one alone.
    assertEquals(cache.get({ ...now, version: now.version - 1 }, `name:${id}`), undefined);
    assertEquals(cache.get(now, `name:${id}`), "Late");
    return Promise.resolve();
  });
});

Deno.test("a ticket is routed by the configuration of its moment, cached or not", async () => {
  const [first, second] = [await makeQueue("Route one"), await makeQueue("Route two")];
  const { body: category } = await admin.post("/categories", { name: "Routed", queueId: first });
  assertEquals((await raise(requester, { categoryId: category.id })).queue?.id, first);
  const { hits } = cache.stats();
  assertEquals((await raise(requester, { categoryId: category.id })).queue?.id, first);
  assert(cache.stats().hits >= hits + 2, "category and policies come from the cache");
  const moved = await admin.patch(`/categories/${category.id}`, {
    version: category.version,
    queueId: second,
  });
  assertEquals((await raise(requester, { categoryId: category.id })).queue?.id, second);
  const { body: target } = await admin.get(`/queues/${second}`);
  await admin.patch(`/queues/${second}`, { version: target.version, archived: true });
  // An archived queue takes none: they go to the default one.
  assertEquals((await raise(requester, { categoryId: category.id })).queue?.name, "Service desk");
  await admin.patch(`/categories/${category.id}`, { version: moved.body.version, archived: true });
  const refused = await requester.post("/tickets", { title: "x", description: "", categoryId: category.id });
  assertEquals(refused.status, 422);
});

Deno.test("CHK-01 what one organisation has is never given to another", () => {
  const kept = createConfigCache();
  kept.put({ tenantId: "a", version: 5 }, "queue:1", { name: "A's" });
  assertEquals(kept.get({ tenantId: "b", version: 5 }, "queue:1"), undefined);
  assertEquals(kept.get({ tenantId: "a", version: 5 }, "queue:1"), { name: "A's" });
});

Deno.test("the cache stays within its size, whoever fills it, and its values can't be changed", () => {
  const kept = createConfigCache();
  const long = "x".repeat(60_000);
  for (let tenant = 0; tenant < 20; tenant++) {
    for (let i = 0; i < 20; i++) kept.put({ tenantId: `t${tenant}`, version: 1 }, `k${i}`, long);
  }
  assert(kept.stats().bytes <= 16 * 1024 * 1024, `${kept.stats().bytes}`);
  assertEquals(
    kept.get({ tenantId: "t0", version: 1 }, "k19"),
    undefined,
  ); // the one that was used least recently is gone
  assertEquals(kept.get({ tenantId: "t19", version: 1 }, "k19"), long);
  kept.put({ tenantId: "t19", version: 1 }, "huge", "x".repeat(70_000));
  assertEquals(kept.get({ tenantId: "t19", version: 1 }, "huge"), undefined);
  kept.put({ tenantId: "t19", version: 2 }, "list", [{ name: "a" }]);
  const [first] = kept.get({ tenantId: "t19", version: 2 }, "list") as [{ name: string }];
  let refused = false;
  try {
    first.name = "b";
  } catch {
    refused = true;
  }
  assert(refused);
  for (let tenant = 0; tenant < 90_000; tenant++) {
    kept.get({ tenantId: `n${tenant}`, version: 1 }, "nothing");
  }
  assert(kept.stats().bytes <= 16 * 1024 * 1024, "organisations without an entry count as well");
});

Deno.test("what one instance has read reaches the others through Redis, version by version", async () => {
  await using redis = await startRedis();
  const links = await Promise.all([1, 2].map(() => RedisLink.open(redis.url, "test:")));
  try {
    const [a, b] = links.map((link) => createConfigCache(link));
    const place = { tenantId: "0199f3a0-0000-7000-8000-000000000000", version: 7 };
    a!.put(place, "queue:1", { id: "1", name: "Network" });
    const wait = async (is: () => Promise<boolean> | boolean) => {
      for (let tries = 0; !await is(); tries++) {
        assert(tries < 300, `${is}`);
        await new Promise((done) => setTimeout(done, 10));
      }
    };
    await wait(async () => (await redis.ask("KEYS", "*config*")).includes("config:"));
    assertEquals(
      b!.get({ ...place, version: 8 }, "queue:1"),
      undefined,
    ); // of another version there is nothing
    const c = createConfigCache(links[1]);
    assertEquals(c.get(place, "queue:1"), undefined); // nobody waits for Redis
    await wait(() => c.get(place, "queue:1") !== undefined);
    assertEquals(c.get(place, "queue:1"), { id: "1", name: "Network" });
    assert(Number(/\d+/.exec(await redis.ask("TTL", `test:config:1:${place.tenantId}:7`))?.[0]) > 3_000);
  } finally {
    await Promise.all(links.map((link) => link.close()));
  }
});

Deno.test("changes of one organisation's configuration at once wait for each other, and none is given up", async () => {
  const parent = (await admin.post("/categories", { name: "Ordered" })).body.id;
  const children: { id: string; version: number }[] = [];
  for (const name of ["A", "B", "C"]) {
    children.push((await admin.post("/categories", { name, parentId: parent })).body);
  }
  for (let round = 0; round < 8; round++) {
    const ids = children.map(({ id }) => id).reverse();
    const [edits, order] = await Promise.all([
      Promise.all(
        children.map(({ id, version }) =>
          admin.patch(`/categories/${id}`, { version, name: `${id.slice(-6)} ${round}` })
        ),
      ),
      admin.put("/categories/order", { parentId: parent, ids }),
    ]);
    assertEquals([...edits.map(({ status }) => status), order.status], [200, 200, 200, order.status]);
    assert(order.status < 300, `${order.status}`);
    children.splice(0, 3, ...edits.map(({ body }) => body));
  }
});
