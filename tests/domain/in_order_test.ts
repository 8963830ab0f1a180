import type { Queries } from "@/db/sql.ts";
import { sql } from "@/db/sql.ts";
import { act } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";

Deno.test("inOrder", async (t) => {
  await using desk = await openDesk();
  const { tenant } = await desk.register();
  const inDesk = <T>(work: (db: Queries) => Promise<T>) =>
    act(desk.request(), { kind: "system", tenantId: tenant.id }, ({ db }) => work(db));

  /** The queues in the order in which the server saw their inserts. */
  const insert = (db: Queries, name: string) =>
    db.run(sql`insert into queues (tenant_id, name) values (${tenant.id}, ${name})`);
  const seen = (db: Queries) => async () => {
    const rows = await db.rows<{ name: string }>(
      sql`select name from queues where tenant_id = ${tenant.id} order by id`,
    );
    return rows.map(({ name }) => name);
  };

  await t.step("steps that send at once go in one flight", async () => {
    const sentBefore: number[] = [];
    await inDesk(async (db) => {
      const first = db.sent;
      const counted = (name: string) => () => {
        sentBefore.push(db.sent - first);
        return insert(db, name);
      };
      const running = inOrder(db, [counted("one"), counted("two"), seen(db)]);
      // Nothing has been answered yet: no turn of the event loop has passed.
      assertEquals([sentBefore, db.sent - first], [[0, 1], 3]);
      assertEquals((await running)[2].slice(-2), ["one", "two"]);
    });
  });

  await t.step("a step that waits for something else first still goes before the next", async () => {
    const names = await inDesk(async (db) => {
      const [, , names] = await inOrder(db, [
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return await insert(db, "slow");
        },
        () => db.savepoint(() => insert(db, "saved")),
        seen(db),
      ]);
      return names;
    });
    assertEquals(names.slice(-2), ["slow", "saved"]);
  });

  await t.step("a step that sends nothing costs nothing, and a failure is the step's own", async () => {
    const [nothing, names] = await inDesk((db) => inOrder(db, [() => Promise.resolve(7), seen(db)]));
    assertEquals([nothing, names.includes("slow")], [7, true]);
    await assertRejects(
      () => inDesk((db) => inOrder(db, [() => db.run(sql`select 1 / 0`), seen(db)])),
      /22012/,
    );
  });
});
