import { MOST_LEVELS } from "@/domain/categories/write.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";
import { added, assertProblem, openScene } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk, admin } = scene;

const make = async (name: string, parentId: string | null = null) =>
  (await admin.post("/categories", { name, parentId })).body.id as string;

async function below(parentId: string): Promise<string[]> {
  const rows = await desk.look<{ name: string }>(
    "select name from categories where parent_id = $1 order by position, name_key",
    [parentId],
  );
  return rows.map(({ name }) => name);
}

Deno.test("categories: the tree has a depth that nothing exceeds", async (t) => {
  const chain = [await make("Level 1")];
  for (let level = 2; level <= MOST_LEVELS; level++) chain.push(await make(`Level ${level}`, chain.at(-1)!));
  await t.step("a new one", async () => {
    const left = await added(desk, async () => {
      const refused = await admin.post("/categories", { name: "Too deep", parentId: chain.at(-1) });
      assertProblem(refused, 422, "invalid");
      assertEquals(refused.body.errors, [
        { path: "parentId", code: "too_deep", message: `The tree has at most ${MOST_LEVELS} levels` },
      ]);
    });
    assertEquals(left, { audit: 0, events: 0, outbox: 0 });
  });
  await t.step("one that is moved brings what is below it", async () => {
    const top = await make("Moved");
    await make("Its child", top);
    const to = (parentId: string, version: number) =>
      admin.patch(`/categories/${top}`, { parentId, version });
    assertEquals((await to(chain.at(-2)!, 1)).body.errors[0].code, "too_deep");
    assertEquals((await to(chain.at(-3)!, 1)).status, 200);
  });
  await t.step("two that come at once don't make it too deep together", async () => {
    for (let round = 0; round < 5; round++) {
      // Each fits by itself: below the third level there is room for two more, and A grows to two under the move.
      const a = await make(`A${round}`);
      const b = await make(`B${round}`, a);
      const answers = await Promise.all([
        admin.patch(`/categories/${a}`, { version: 1, parentId: chain[2] }),
        admin.post("/categories", { name: "Third", parentId: b }),
      ]);
      assertEquals(answers.map(({ status }) => status).filter((status) => status < 300).length, 1);
    }
    const [deepest] = await desk.look<{ depth: number }>(`with recursive tree as (
      select id, 1 as depth from categories where parent_id is null
      union all select c.id, t.depth + 1 from categories c join tree t on c.parent_id = t.id
    ) select max(depth) as depth from tree`);
    assertEquals(deepest!.depth, MOST_LEVELS);
  });
});

Deno.test("categories: who comes to ordered siblings is the last, else the order is by name", async () => {
  const top = await make("Ordered");
  const [b, c] = [await make("B", top), await make("C", top)];
  await make("A", top);
  assertEquals(await below(top), ["A", "B", "C"]);
  await admin.put("/categories/order", { parentId: top, ids: [c, b] });
  assertEquals(await below(top), ["C", "B", "A"]);
  await make("AA", top);
  assertEquals(await below(top), ["C", "B", "A", "AA"]);
  const elsewhere = await make("AAA");
  await admin.patch(`/categories/${elsewhere}`, { version: 1, parentId: top });
  assertEquals(await below(top), ["C", "B", "A", "AA", "AAA"]);
  await admin.patch(`/categories/${c}`, { version: 1, name: "Z" });
  assertEquals(await below(top), ["Z", "B", "A", "AA", "AAA"]);
});
