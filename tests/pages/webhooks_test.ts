import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { isGenuine, openReceiver } from "@/tests/helpers/receiver.ts";
import { openScene } from "@/tests/helpers/ticket_scene.ts";

Deno.test("Webhooks without scripts: made, tried, read, changed, stopped, deleted", async (t) => {
  await using scene = await openScene({ ALLOW_PRIVATE_WEBHOOKS: "on" });
  const { desk, admin, agent, requester } = scene;
  await using receiver = openReceiver();
  const browser = await PageClient.signedIn(admin);
  let href = "";
  let secret = "";

  await t.step("nothing there yet says what to do", async () => {
    const page = await browser.get("/admin/webhooks");
    assert(textOf(page, ".empty").includes("No webhooks yet"));
    assert(page.document.querySelector('a[href="/admin/webhooks/new"]'));
  });

  await t.step("a refused form keeps what was typed, and says what is wrong at the field", async () => {
    const form = await browser.get("/admin/webhooks/new");
    const refused = await browser.submit(form, "#endpoint", {
      url: "ftp://example.com",
      description: "Chat",
      which: "some",
      topics: ["ticket.created", "ticket.rated"],
      includeInternal: "on",
    });
    assertEquals([refused.status, fieldValue(refused, "description")], [422, "Chat"]);
    assertEquals(fieldError(refused, "url"), "Must start with https://");
    const ticked = [...refused.document.querySelectorAll("input[name=topics][checked]")]
      .map((box) => box.getAttribute("value"));
    assertEquals(ticked, ["ticket.created", "ticket.rated"]);
    const none = await browser.post("/admin/webhooks/new", { url: receiver.url, which: "some" });
    assertEquals(none.status, 422);
    assert(none.html.includes("Choose at least one event"));
  });

  await t.step("the secret is shown once", async () => {
    const form = await browser.get("/admin/webhooks/new");
    const made = await browser.submit(form, "#endpoint", { url: receiver.url, description: "Chat" });
    assertEquals(made.status, 201);
    secret = made.document.querySelector("#secret")!.getAttribute("value")!;
    assert(secret.startsWith("whsec_"));
    href = made.document.querySelector('a[href^="/admin/webhooks/0"]')!.getAttribute("href")!;
    const again = await browser.submit(form, "#endpoint", { url: receiver.url, description: "Chat" });
    assert(again.html.includes(href), "sent twice is made once");
    for (const path of ["/admin/webhooks", href, `${href}/edit`, `${href}/secret`]) {
      assert(!(await browser.get(path)).html.includes(secret), path);
    }
    assert(textOf(await browser.get("/admin/webhooks"), "tbody").includes("Active"));
  });

  await t.step("a test leads to its message, with what came back", async () => {
    const sent = await browser.submit(await browser.get(href), `form[action="${href}/test"]`);
    assertEquals(sent.status, 303);
    const before = await browser.get(sent.location!);
    assert(textOf(before, ".badge").includes("Queued"));
    receiver.answer = () => new Response("<b>thanks</b>");
    await drainJobs(desk.services);
    assert(isGenuine(secret, receiver.received[0]!));
    const after = await browser.get(sent.location!);
    assert(textOf(after, ".badge").includes("Delivered"));
    assert(textOf(after, ".attempts").includes("<b>thanks</b>") && !after.html.includes("<b>thanks"));
    assert(textOf(after, ".payload").includes("thanks"));
    assert(after.html.includes("webhook.test"));
  });

  await t.step("a message that failed is listed as such, and is sent again", async () => {
    receiver.answer = () => new Response("down", { status: 503 });
    const ticket = (await requester.post("/tickets", { title: "Printer", description: "" })).body;
    await desk.look("update jobs set max_attempts = 1 where kind = 'webhook' and state = 'ready'");
    await drainJobs(desk.services);
    const listed = await browser.get(`${href}?state=failed`);
    assert(textOf(listed, "tbody").includes(ticket.key));
    assert(textOf(await browser.get(href), ".banner").includes("Deliveries have failed since"));
    const link = listed.document.querySelector("tbody a")!.getAttribute("href")!;
    receiver.answer = () => new Response("up");
    const sent = await browser.submit(await browser.get(link), "form[action$=redelivery]");
    assertEquals(sent.location, link);
    await drainJobs(desk.services);
    assert(textOf(await browser.get(link), ".badge").includes("Delivered"));
    assertEquals((await browser.get(`${href}?state=failed`)).document.querySelectorAll("tbody tr").length, 0);
    assertEquals((await browser.get(`${href}?state=odd`)).status, 422);
  });

  await t.step("it is edited; who comes late sees what was saved, and keeps what they typed", async () => {
    const form = await browser.get(`${href}/edit`);
    const saved = await browser.submit(form, "#endpoint", {
      which: "some",
      topics: ["ticket.created", "user.joined"],
    });
    assertEquals(saved.status, 303);
    assert(textOf(await browser.get(href), ".properties").includes("Ticket created, Person joined"));
    const late = await browser.submit(form, "#endpoint", { description: "Pager" });
    assertEquals([late.status, fieldValue(late, "description")], [409, "Pager"]);
    assert(textOf(late, ".properties").includes("2 events"));
    assertEquals((await browser.submit(late, "#endpoint")).status, 303);
    assert(textOf(await browser.get(href), "h1").includes("Pager"));
  });

  await t.step("a new secret is shown once; a second sending is refused", async () => {
    const form = await browser.get(`${href}/secret`);
    const changed = await browser.submit(form, "#rotation");
    assertEquals(changed.status, 200);
    assert(changed.document.querySelector("#secret")!.getAttribute("value") !== secret);
    assertEquals((await browser.submit(form, "#rotation")).status, 409);
    assert((await browser.get(href)).html.includes("The previous one stays valid until"));
  });

  await t.step("stopped, taken into use, deleted", async () => {
    const stop = await browser.get(href);
    assertEquals((await browser.submit(stop, "#state")).status, 303);
    assertEquals((await browser.submit(stop, "#state")).status, 409);
    assert(textOf(await browser.get(href), ".banner").includes("Disabled since"));
    assertEquals((await browser.submit(await browser.get(href), "#state")).status, 303);
    const gone = await browser.submit(await browser.get(href), "#deletion");
    assertEquals(gone.location, "/admin/webhooks");
    assertEquals((await browser.get(href)).status, 404);
  });

  await t.step("it is for admins", async () => {
    const other = await PageClient.signedIn(agent);
    assertEquals((await other.get("/admin/webhooks")).status, 403);
  });
});
