import { assertEquals } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";

Deno.test("rows that the application deletes are found by an index wherever a foreign key names them", async () => {
  await using desk = await openDesk();
  const unindexed = await desk.look(
    `select c.conrelid::regclass::text || ': ' || c.conname as key from pg_constraint c
    where c.contype = 'f' and has_table_privilege('servicehub_app', c.confrelid, 'delete')
      and not exists (select from pg_index i where i.indrelid = c.conrelid
        and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`,
  );
  assertEquals(unindexed, []);
});
