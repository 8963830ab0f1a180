import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import {
  fieldError,
  fieldValue,
  type PageAnswer,
  PageClient,
  textOf,
} from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

/** What the buttons of the reply box send, whose name and value stand in the page. */
async function press(browser: PageClient, page: PageAnswer, button: string, typed: Record<string, string>) {
  const found = page.document.querySelector(button);
  assert(found, `${button} on ${page.path}`);
  const action = found!.getAttribute("formaction")!.split("#")[0]!;
  return await browser.post(action, {
    ...typed,
    [found!.getAttribute("name")!]: found!.getAttribute("value")!,
  });
}

Deno.test("The reply box without scripts: canned replies, macros and a preview, and what was typed stays", async (t) => {
  await using scene = await openScene();
  const { admin, agent, requester } = scene;
  const canned = (await admin.post("/canned-replies", {
    title: "Screenshot",
    body: "Hello {{requester.firstName}}, a **screenshot** of {{ticket.key}}? {{agent.name}}",
    shared: true,
  })).body;
  const macro = (await admin.post("/macros", {
    name: "Ask and wait",
    actions: {
      status: "pending",
      reason: "requester",
      reply: "Hello {{requester.name}}?",
      replyVisibility: "public",
      assigneeId: "me",
    },
  })).body;
  const ticket = await raise(requester);
  const href = `/tickets/${ticket.key}`;
  const ours = await PageClient.signedIn(agent);
  const theirs = await PageClient.signedIn(requester);

  await t.step("a canned reply is filled and put behind what was typed", async () => {
    const page = await ours.get(href);
    const filled = await press(ours, page, `button[value="${canned.id}"]`, {
      body: "Good morning",
      visibility: "internal",
    });
    assertEquals(filled.status, 200);
    assertEquals(
      fieldValue(filled, "body"),
      `Good morning\n\nHello Rob, a **screenshot** of ${ticket.key}? Ana Agent`,
    );
    assertEquals(fieldValue(filled, "visibility"), "internal");
    assertEquals((await ours.submit(filled, "form.composer")).status, 303);
  });

  await t.step("a preview shows it as it will look, and says who isn't told", async () => {
    const page = await press(ours, await ours.get(href), "button[name=preview]", {
      body: "**Hi** @Sue Stranger",
      visibility: "public",
    });
    assertEquals(textOf(page, ".composer-preview strong"), "Hi");
    assert(textOf(page, ".composer-preview").includes("they can't read this: Sue Stranger"));
    assertEquals(fieldValue(page, "body"), "**Hi** @Sue Stranger");
    const empty = await press(theirs, await theirs.get(href), "button[name=preview]", { body: " " });
    assertEquals([empty.status, fieldError(empty, "body")], [422, "Must not be empty"]);
    const long = await press(theirs, await theirs.get(href), "button[name=preview]", {
      body: "x".repeat(70_000),
    });
    assertEquals(long.status, 422);
  });

  await t.step("a macro shows what it would do, keeps the reply, and does it", async () => {
    const page = await press(ours, await ours.get(href), `button[value="${macro.id}"]`, { body: "Unsent" });
    assertEquals(fieldValue(page, "body"), "Unsent");
    const card = textOf(page, "#macro");
    for (
      const step of ["Send a public reply", "Set status to Pending", "Assign to you", "Hello Rob Requester?"]
    ) {
      assert(card.includes(step), step);
    }
    assertEquals((await requester.get(href)).body.status, "new");
    const done = await ours.submit(page, "#macro form");
    assertEquals([done.status, done.location], [303, href]);
    const after = await ours.follow(done);
    assert(textOf(after, ".flash-region").includes("Macro “Ask and wait” applied"));
    assert(textOf(after, ".conversation").includes("Hello Rob Requester?"));
    assertEquals((await requester.get(href)).body.status, "pending");
    // The page before was of another version: it is shown again with the present one.
    const stale = await ours.submit(page, "#macro form");
    assertEquals(stale.status, 409);
    assert(textOf(stale, "#macro [role=alert]").includes("Someone else changed this in the meantime"));
    assertEquals((await ours.submit(stale, "#macro form")).status, 303);
  });

  await t.step("a macro that can't go on says why, on the ticket's page", async () => {
    const odd = (await admin.post("/macros", {
      name: "Close it",
      actions: { status: "closed", reply: "Bye", replyVisibility: "public" },
    })).body;
    const page = await press(ours, await ours.get(href), `button[value="${odd.id}"]`, {});
    const refused = await ours.submit(page, "#macro form");
    assertEquals(refused.status, 422);
    assert(
      textOf(refused, "#macro [role=alert]").includes('failed at step "Status", and nothing was changed'),
    );
    await admin.patch(`/macros/${odd.id}`, { version: 1, archived: true });
    const gone = await ours.submit(page, "#macro form");
    assertEquals([gone.status, gone.document.querySelector("#macro")], [422, null]);
    assert(textOf(gone, "[role=alert]").includes("Doesn't exist"));
  });

  await t.step("requesters have a preview, and nothing of the desk's", async () => {
    const page = await theirs.get(href);
    assertEquals(page.document.querySelector("[name=macroId], [name=cannedReplyId]"), null);
    assert(page.document.querySelector("button[name=preview]"));
    assertEquals((await theirs.post(`${href}/composer`, { cannedReplyId: canned.id })).status, 403);
    assertEquals((await theirs.post(`${href}/composer`, { macroId: macro.id })).status, 403);
  });
});

Deno.test("Canned replies are kept on pages of their own", async (t) => {
  await using scene = await openScene();
  const admin = await PageClient.signedIn(scene.admin);
  const agent = await PageClient.signedIn(scene.agent);
  const list = "/admin/canned-replies";

  await t.step("an empty list says what to do, and leads there", async () => {
    const page = await agent.get(list);
    assert(textOf(page, ".empty").includes("No canned replies yet"));
    assert(page.document.querySelector(`.empty a[href="${list}/new"]`));
  });

  await t.step("one is refused beside its field, then made; sent twice it is made once", async () => {
    const form = await admin.get(`${list}/new`);
    const wrong = await admin.submit(form, "form#reply", { title: " ", body: "Hello" });
    assertEquals([wrong.status, fieldError(wrong, "title"), fieldValue(wrong, "body")], [
      422,
      "Must not be empty",
      "Hello",
    ]);
    const fields = { title: "Greeting", body: "Hello {{requester.name}}" };
    const [made, again] = [
      await admin.submit(form, "form#reply", fields),
      await admin.submit(form, "form#reply", fields),
    ];
    assertEquals([made.status, again.status, made.location], [303, 303, list]);
    assert(textOf(await admin.follow(made), "table").includes("GreetingHello {{requester.name}}"));
    const taken = await admin.submit(await admin.get(`${list}/new`), "form#reply", {
      ...fields,
      title: "greeting",
    });
    assertEquals([taken.status, fieldError(taken, "title")], [409, "This title is already in use"]);
  });

  const [greeting] = (await scene.admin.get("/canned-replies")).body.items;

  await t.step("agents keep their own, and see the desk's without the form", async () => {
    const form = await agent.get(`${list}/new`);
    assertEquals(form.document.querySelector("[name=shared]"), null);
    assertEquals((await agent.submit(form, "form#reply", { title: "Mine", body: "x" })).status, 303);
    const page = await agent.get(`${list}/${greeting.id}`);
    assertEquals([page.status, page.document.querySelector("form#reply, form#archive")], [200, null]);
  });

  await t.step("who saves second sees both", async () => {
    const page = await admin.get(`${list}/${greeting.id}`);
    await scene.admin.patch(`/canned-replies/${greeting.id}`, { version: 1, body: "Theirs" });
    const stale = await admin.submit(page, "form#reply", { body: "Mine" });
    assertEquals(stale.status, 409);
    assert(textOf(stale, "form.conflict").includes("Theirs"));
    assertEquals((await admin.submit(stale, "form.conflict")).status, 303);
    assertEquals((await scene.admin.get(`/canned-replies/${greeting.id}`)).body.body, "Mine");
  });

  await t.step("archived and taken into use again", async () => {
    const gone = await admin.submit(await admin.get(`${list}/${greeting.id}`), "form#archive");
    assertEquals(gone.status, 303);
    assert(!textOf(await admin.get(list), "main").includes("GreetingMine"));
    assert(textOf(await admin.get(`${list}?archived=true`), "table").includes("Archived"));
    assertEquals((await admin.submit(await admin.get(`${list}/${greeting.id}`), "form#archive")).status, 303);
    assert(textOf(await admin.get(list), "table").includes("Greeting"));
  });
});

Deno.test("Macros are kept on pages of their own", async (t) => {
  await using scene = await openScene();
  const admin = await PageClient.signedIn(scene.admin);
  const list = "/admin/macros";

  await t.step("one with nothing to do, or half of it, is refused with everything kept", async () => {
    assert(textOf(await admin.get(list), ".empty").includes("No macros yet"));
    const form = await admin.get(`${list}/new`);
    const idle = await admin.submit(form, "form#macro", { name: "Idle" });
    assertEquals(idle.status, 422);
    assert(textOf(idle, "[role=alert]").includes("A macro must do something"));
    const half = await admin.submit(form, "form#macro", {
      name: "Half",
      "actions.status": "pending",
      "actions.addTags": "a, b",
    });
    assertEquals([half.status, fieldError(half, "actions.reason")], [422, "Choose what it is waiting for"]);
    assertEquals([fieldValue(half, "actions.status"), fieldValue(half, "actions.addTags")], [
      "pending",
      "a, b",
    ]);
  });

  await t.step("made, changed with everything in it, and archived", async () => {
    const made = await admin.submit(await admin.get(`${list}/new`), "form#macro", {
      name: "Wait",
      "actions.status": "pending",
      "actions.reason": "scheduled",
      "actions.waitDays": "3",
      "actions.queueId": scene.queue,
      "actions.categoryId": "none",
      "actions.reply": "Hello",
      "actions.replyVisibility": "internal",
    });
    assertEquals([made.status, made.location], [303, list]);
    const [macro] = (await scene.admin.get("/macros")).body.items;
    const { actions } = macro;
    assertEquals([actions.waitDays, actions.queueId, actions.categoryId], [3, scene.queue, null]);
    const page = await admin.get(`${list}/${macro.id}`);
    assertEquals((await admin.submit(page, "form#macro", { name: "Wait more" })).status, 303);
    const after = (await scene.admin.get(`/macros/${macro.id}`)).body;
    assertEquals([after.name, after.actions], ["Wait more", actions]);
    assert(
      textOf(await admin.get(list), "table").includes(
        "Set status to Pending for 3 days · Move to queue Network",
      ),
    );
    const stale = await admin.submit(page, "form#macro", { name: "Stale" });
    assertEquals([stale.status, fieldValue(stale, "name")], [409, "Stale"]);
    assertEquals((await admin.submit(await admin.get(`${list}/${macro.id}`), "form#archive")).status, 303);
    assert(!textOf(await admin.get(list), "main").includes("Wait more ·"));
    const archived = await admin.get(`${list}/${macro.id}`);
    assert(textOf(archived, ".steps").includes("Move to queue Network"));
  });
});

Deno.test("A macro behind the first hundred is offered and can be looked at", async () => {
  await using scene = await openScene();
  const ticket = await raise(scene.requester);
  const first = await scene.admin.post("/macros", { name: "Macro 001", actions: { priority: "low" } });
  await scene.desk.look(
    `insert into macros (tenant_id, name, actions)
      select tenant_id, 'Macro ' || lpad(i::text, 3, '0'), actions from macros, generate_series(2, 120) i where id = $1`,
    [first.body.id],
  );
  const [last] = await scene.desk.look<{ id: string }>("select id from macros where name = 'Macro 120'");
  const ours = await PageClient.signedIn(scene.agent);
  const page = await ours.get(`/tickets/${ticket.key}`);
  assertEquals(page.document.querySelectorAll("button[name=macroId]").length, 120);
  const asked = await press(ours, page, `button[name=macroId][value="${last!.id}"]`, { body: "" });
  assert(textOf(asked, "#macro").includes("Apply “Macro 120”?"));
});
