import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const bell = (page: { document: Document }) => page.document.querySelector("a.bell")!;

Deno.test("the bell counts, the page lists by day, and a notification leads to its comment and is read by then", async () => {
  await using scene = await openScene();
  const { desk, agent, requester, stranger, other } = scene;
  const ticket = await raise(requester);
  const browser = await PageClient.signedIn(requester);
  const empty = await browser.get("/notifications");
  assertEquals(textOf(empty, ".empty h2"), "No notifications yet");
  assertEquals(bell(empty).getAttribute("aria-label"), "Notifications");
  const [old] = [
    (await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Which tray?" })).body,
  ];
  await desk.look("update notifications set created_at = now() - interval '1 day'");
  const { id } =
    (await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Hello <b>there</b>" }))
      .body;

  const page = await browser.get("/notifications");
  assertEquals(page.status, 200);
  assertEquals(bell(page).getAttribute("aria-label"), "Notifications: 2 unread");
  const titles = [...page.document.querySelectorAll(".card h2")].map((heading) => heading.textContent);
  assertEquals(titles, ["Today", "Yesterday"]);
  assertEquals(page.document.querySelectorAll(".notice.is-unread").length, 2);
  assertEquals(textOf(page, ".notice-excerpt"), "Hello <b>there</b>");
  const [first, second] = [...page.document.querySelectorAll(".notice form")].map((form) =>
    form.getAttribute("action")!
  );

  const cookie = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join("; ");
  const open = async (method: string, headers: Record<string, string>) => {
    const url = desk.config.PUBLIC_URL + first;
    return (await desk.fetch(new Request(url, { method, headers: { cookie, ...headers } }))).status;
  };
  assertEquals(await open("GET", { "sec-purpose": "prefetch" }), 303);
  assertEquals(await open("GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }), 303);
  assertEquals(await open("GET", {}), 303);
  assertEquals(await open("HEAD", {}), 303);
  assertEquals(await open("POST", { "sec-fetch-site": "cross-site" }), 403);
  assertEquals(bell(await browser.get("/home")).getAttribute("aria-label"), "Notifications: 2 unread");
  assertEquals(
    (await browser.submit(page, ".notice form")).location,
    `/tickets/${ticket.key}?comment=${id}#comment-${id}`,
  );
  assertEquals(bell(await browser.get("/home")).getAttribute("aria-label"), "Notifications: 1 unread");
  assertEquals(
    (await browser.get("/notifications?unread=true")).document.querySelectorAll(".notice").length,
    1,
  );

  // Behind fifty later comments it is on the page that ends with it.
  await desk.look(
    `insert into comments (tenant_id, ticket_id, author_id, visibility, body)
      select tenant_id, id, requester_id, 'public', 'more' from tickets, generate_series(1, 60) where id = $1`,
    [ticket.id],
  );
  const led = await browser.get(second!);
  assertEquals(led.location, `/tickets/${ticket.key}?comment=${old.id}#comment-${old.id}`);
  const conversation = await browser.follow(led);
  assert(conversation.document.getElementById(`comment-${old.id}`) !== null);

  for (const client of [stranger, other]) {
    const foreign = await (await PageClient.signedIn(client)).get(first!);
    assertEquals(foreign.status, 404);
    assertEquals((await (await PageClient.signedIn(client)).post(second!)).status, 404);
  }
  assertEquals((await browser.get(`/notifications/${UNKNOWN}`)).status, 404);
  assertEquals((await browser.get("/notifications/nonsense")).status, 404);
  assertEquals(
    (await new PageClient(desk).get(first!)).location,
    `/sign-in?next=${encodeURIComponent(first!)}`,
  );
});

Deno.test("all are marked as read by a form that knows what was on the page; a bad one is refused", async () => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const ticket = await raise(requester);
  const browser = await PageClient.signedIn(requester);
  await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "One" });
  const page = await browser.get("/notifications");
  await agent.post(`/tickets/${ticket.id}/comments`, {
    visibility: "public",
    body: "Two, while the page was open",
  });
  const done = await browser.submit(page, "#read-all");
  assertEquals([done.status, done.location], [303, "/notifications"]);
  const after = await browser.follow(done);
  assertEquals(textOf(after, ".flash-region"), "All notifications marked as read");
  assertEquals(bell(after).getAttribute("aria-label"), "Notifications: 1 unread");
  const bad = await browser.post("/notifications", { all: "true", before: "soon" });
  assertEquals(bad.status, 422);
  assertEquals(textOf(bad, ".form-errors").includes("Must be a time"), true);
  assertEquals((await browser.post("/notifications", {})).status, 422);
  assertEquals(bell(await browser.get("/home")).getAttribute("aria-label"), "Notifications: 1 unread");
});
