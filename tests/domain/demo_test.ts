import { ensureDemo } from "../../cli/demo_content.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE } from "../../cli/demo_content.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { openDesk } from "../helpers/desk.ts";

Deno.test("the demo is filled once, and says so when it was left half filled", async () => {
  await using desk = await openDesk();
  const total = async () =>
    (await desk.look<{ total: number }>("select count(*) as total from tickets"))[0]!.total;
  await ensureDemo(desk.services);
  const filled = await total();
  assert(filled > 3);
  const client = desk.client();
  client.become(await client.post("/auth/login", { email: DEMO_PEOPLE[0]!.email, password: DEMO_PASSWORD }));
  assertEquals(client.user.role, "ADMIN");
  await ensureDemo(desk.services);
  assertEquals(await total(), filled);
  for await (const { name } of Deno.readDir(desk.config.DATA_DIR)) {
    if (name.startsWith("demo")) await Deno.remove(`${desk.config.DATA_DIR}/${name}`);
  }
  await assertRejects(
    () => ensureDemo(desk.services),
    /it ended while it was filled\. Delete .*servicehub-desk/,
  );
});
