import { closeDatabase, openDatabase } from "@/db/database.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldValue, PageClient } from "@/tests/helpers/browser_client.ts";
import { DOOR_SECRET, targetOf } from "@/tests/helpers/cluster.ts";
import { openDesk } from "@/tests/helpers/desk.ts";

Deno.test("While the database is away a form answers 503 with its text kept, and sending it again saves it once", async () => {
  const desk = await openDesk();
  try {
    const admin = await desk.register();
    const browser = await PageClient.signedIn(admin);
    const form = await browser.get("/tickets/new");
    const typed = { title: "The lift is stuck", description: "Between floor 2 and 3\nsince noon" };
    await closeDatabase();
    const page = await browser.submit(form, "main form", typed);
    assertEquals([page.status, page.headers.get("retry-after")], [503, "2"]);
    assertEquals([fieldValue(page, "title"), fieldValue(page, "description")], Object.values(typed));
    assert(page.html.includes("Between floor 2 and 3"));
    const list = await browser.get("/tickets");
    assertEquals([list.status, list.headers.get("retry-after")], [503, "2"]);
    const password = "a quiet harbour at noon";
    const signIn = await new PageClient(desk).post("/sign-in", {
      email: "ben@a.example",
      password,
      next: "/tickets",
    });
    assertEquals([signIn.status, signIn.headers.get("retry-after")], [503, "2"]);
    assertEquals(["email", "next", "password"].map((name) => fieldValue(signIn, name)), [
      "ben@a.example",
      "/tickets",
      "",
    ]);
    assert(!signIn.html.includes(password));
    const api = await admin.post("/tickets", { title: "x", description: "" });
    assertEquals([api.status, api.type, api.headers.get("retry-after")], [
      503,
      "application/problem+json",
      "2",
    ]);
    await openDatabase({
      target: targetOf(desk.cluster, desk.database),
      admin: { user: desk.cluster.superuser },
      doorSecret: DOOR_SECRET,
    });
    const again = await Promise.all([browser.submit(page, "main form"), browser.submit(page, "main form")]);
    assertEquals(again.map((answer) => answer.status), [303, 303]);
    assertEquals((await desk.look("select title, description from tickets")).map((row) => ({ ...row })), [
      typed,
    ]);
  } finally {
    await desk[Symbol.asyncDispose]();
  }
});
