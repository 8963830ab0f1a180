import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import {
  fieldError,
  fieldValue,
  type PageAnswer,
  PageClient,
  textOf,
} from "@/tests/helpers/browser_client.ts";
import { openScene, put, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const { desk } = scene;
const agent = await PageClient.signedIn(scene.agent);
const requester = await PageClient.signedIn(scene.requester);
const stranger = await PageClient.signedIn(scene.stranger);

/** What the page after a form says that was done. */
async function done(client: PageClient, answer: PageAnswer): Promise<{ page: PageAnswer; flash: string }> {
  assertEquals(answer.status, 303);
  const page = await client.follow(answer);
  return { page, flash: textOf(page, ".flash-region").trim() };
}

function side(page: PageAnswer, title: string): Element | undefined {
  return [...page.document.querySelectorAll(".side-panel")].find((panel) =>
    panel.querySelector("summary")?.textContent?.startsWith(title)
  );
}

Deno.test("Watching by forms: oneself, a colleague by name or address, and off again", async () => {
  const ticket = await raise(scene.requester);
  const href = `/tickets/${ticket.key}`;
  const watch = (client: PageClient, fields: Record<string, string>) =>
    client.post(`${href}/watchers`, fields);
  assert(side(await agent.get(href), "Watchers")!.textContent!.includes("No watchers yet"));
  assertEquals((await done(agent, await watch(agent, { add: "me" }))).flash, `You now watch ${ticket.key}`);
  const named = await done(agent, await watch(agent, { person: "sue" }));
  assertEquals(named.flash, `Sue Stranger now watches ${ticket.key}`);
  assert(side(named.page, "Watchers (2)"));
  const unknown = await watch(agent, { person: "Nobody at all" });
  assertEquals([unknown.status, unknown.document.getElementById("watch-person")?.getAttribute("value")], [
    422,
    "Nobody at all",
  ]);
  assert(textOf(unknown, "#watch-person-error").includes("No one has this name or email address"));
  await scene.admin.invite("REQUESTER", "Sue Second");
  const several = await watch(agent, { person: "sue" });
  assert(textOf(several, "#watch-person-error").includes(`Sue Stranger (${scene.stranger.user.email})`));
  assertEquals((await watch(agent, {})).status, 422);
  // A requester names colleagues by address alone.
  assertEquals((await watch(requester, { person: "Ada Admin" })).status, 422);
  const added = await done(requester, await watch(requester, { person: scene.admin.user.email }));
  assertEquals(added.flash, `If ${scene.admin.user.email} has an account here, they now watch ${ticket.key}`);
  assert(side(added.page, "Watchers")!.textContent!.includes(scene.admin.user.email));
  assert(side(await agent.get(href), "Watchers")!.textContent!.includes("Ada Admin"));
  const left = await watch(stranger, { remove: "me" });
  assertEquals([left.status, left.location], [303, "/tickets"]);
  assertEquals((await stranger.get(href)).status, 404);
});

Deno.test("Links, tags and what is in the way of resolving, by forms", async () => {
  const ticket = await raise(scene.requester, { title: "Move" });
  const child = await raise(scene.agent, { title: "Pack <b>boxes</b>" });
  const href = `/tickets/${ticket.key}`;
  const link = (fields: Record<string, string>) => agent.post(`${href}/links`, fields);
  const linked = await done(agent, await link({ relation: "parent_of", ticketId: child.key }));
  assertEquals(linked.flash, `${ticket.key} is parent of ${child.key}`);
  const panel = side(linked.page, "Linked tickets (1)")!;
  assertEquals(panel.querySelector("h3")?.textContent, "Is parent of");
  assert(panel.querySelector(".link-ticket")!.textContent!.includes("Pack <b>boxes</b>"));
  const wrong = await link({ relation: "blocks", ticketId: "INC-1" });
  assertEquals([wrong.status, wrong.document.getElementById("link-ticketId")?.getAttribute("value")], [
    422,
    "INC-1",
  ]);
  assert(textOf(wrong, "#link-ticketId-error").includes("Doesn't exist"));
  const circle = await link({ relation: "child_of", ticketId: child.key });
  assertEquals(circle.status, 409);
  assert(circle.html.includes("already linked that way"));
  const refused = await agent.post(`${href}/transitions`, { to: "resolved", note: "Done", version: "1" });
  assertEquals(refused.status, 422);
  assert(textOf(refused, ".form-errors").includes(`Child ticket ${child.key} “Pack <b>boxes</b>” is new`));
  // The requester sees neither the child nor that there is one.
  const seen = await requester.get(href);
  assert(!seen.html.includes(child.key) && !side(seen, "Linked"), "the child shows");
  const remove = panel.querySelector('input[name="remove"]')!.getAttribute("value")!;
  assertEquals((await done(agent, await link({ remove }))).flash, "Link removed");

  const tagged = await done(agent, await agent.post(`${href}/tags`, { tags: "Boxes, Van, boxes" }));
  assertEquals([...tagged.page.document.querySelectorAll(".tag > a")].map((a) => a.getAttribute("href")), [
    "/tickets?tag=boxes",
    "/tickets?tag=van",
  ]);
  const list = await agent.get("/tickets?tag=van");
  assert(list.html.includes(ticket.key) && !list.html.includes(child.key));
  const fewer = await done(agent, await agent.post(`${href}/tags`, { remove: "van" }));
  assertEquals([...fewer.page.document.querySelectorAll(".tag > a")].map((a) => a.textContent), ["boxes"]);
  const long = await agent.post(`${href}/tags`, { tags: "x".repeat(41) });
  assertEquals(long.status, 422);
  assert(textOf(long, "#tag-tags-error").includes("at most 40"));
  assertEquals((await requester.post(`${href}/tags`, { tags: "mine" })).status, 403);
});

Deno.test("Tags past the limit are refused beside the field, with what was typed; the last that fits is kept", async () => {
  const named = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `tag${from + i}`).join(", ");
  const ticket = await raise(scene.agent);
  const path = `/tickets/${ticket.key}/tags`;
  await done(agent, await agent.post(path, { tags: named(1, 12) }));
  const refused = await agent.post(path, { tags: named(13, 21) });
  assertEquals(refused.status, 422);
  assertEquals(textOf(refused, "#tag-tags-error"), "Must be at most 20 tags");
  assertEquals(refused.document.getElementById("tag-tags")?.getAttribute("value"), named(13, 21));
  const full = await done(agent, await agent.post(path, { tags: named(13, 20) }));
  assertEquals(full.page.document.querySelectorAll(".tag > a").length, 20);
  // One that is there already counts once.
  await done(agent, await agent.post(path, { tags: "tag20" }));
  assertEquals((await agent.post(path, { tags: "one more" })).status, 422);
});

Deno.test("Merging by its page: what it means first, then the merge, the number that leads on, and undoing it", async () => {
  const target = await raise(scene.requester, { title: "VPN is down" });
  const source = await raise(scene.stranger, { title: "No VPN" });
  const also = await raise(scene.stranger, { title: "Another one of Sue" });
  await scene.stranger.post(`/tickets/${source.id}/comments`, { visibility: "public", body: "Since noon" });
  const href = `/tickets/${source.key}`;
  const empty = await agent.get(`${href}/merge`);
  assert(empty.html.includes(also.key), "the requester's other tickets are offered");
  const odd = await agent.get(`${href}/merge?into=INC-1`);
  assert(fieldError(odd, "into").includes("No such ticket"));
  const words = await agent.get(`${href}/merge?into=vpn+down`);
  assertEquals(fieldError(words, "into"), "Choose one of the tickets below, or type a key");
  const offered = [...words.document.querySelectorAll("main .card a")].map((link) =>
    link.getAttribute("href")
  );
  assertEquals(offered[0], `${href}/merge?into=${target.key}`);
  assert(!offered.some((to) => to?.endsWith(source.key)), "a ticket isn't offered itself");
  assert(!words.document.querySelector('main .card a[aria-current="page"]'), "each is another page");
  const ended = await raise(scene.requester, { title: "VPN was down in spring" });
  const spring = async () => {
    const page = await agent.get(`${href}/merge?into=vpn+spring`);
    return [page.html.includes(`into=${ended.key}`), fieldError(page, "into")];
  };
  assertEquals(await spring(), [true, "Choose one of the tickets below, or type a key"]);
  const { version } = (await scene.agent.get(`/tickets/${ended.key}`)).body;
  await scene.agent.post(`/tickets/${ended.key}/transitions`, {
    version,
    to: "cancelled",
    note: "Long over",
  });
  assertEquals(await spring(), [
    false,
    "The tickets that match are closed or cancelled: reopen one first",
  ]);
  const none = await agent.get(`${href}/merge?into=quantum+flux`);
  assert(fieldError(none, "into").includes("No such ticket"));
  const self = await agent.get(`${href}/merge?into=${source.key}`);
  assertEquals([fieldValue(self, "into"), fieldError(self, "into")], [
    source.key,
    "A ticket can't be merged into itself",
  ]);
  const preview = await agent.get(`${href}/merge?into=${target.key.toLowerCase()}`);
  const told = textOf(preview, ".card");
  for (
    const words of [
      `The description of ${source.key} and 1 comment go`,
      "Rob Requester, who opened",
      "Let Sue Stranger watch",
    ]
  ) {
    assert(told.includes(words), `${words} in ${told}`);
  }
  const merged = await agent.submit(preview, `form[method="post"][action="${href}/merge"]`, {});
  assertEquals([merged.status, merged.location], [303, `/tickets/${target.key}`]);
  const page = await agent.follow(merged);
  assert(side(page, "Linked tickets (1)")!.textContent!.includes("No VPN"));
  assertEquals((await agent.get(href)).location, `/tickets/${target.key}`);
  const rest = await agent.get(`${href}?view=source`);
  assert(textOf(rest, ".page > .banner").includes(`Merged into ${target.key}`));
  assertEquals(rest.document.querySelector("textarea[name=body]"), null);
  // The requester sees that it was merged, not into what; a reply opens a ticket of their own.
  const seen = await stranger.get(href);
  assertEquals(seen.status, 200);
  assert(seen.html.includes("merged this ticket into another one") && !seen.html.includes(target.key));
  const late = await stranger.submit(seen, `form[action="${href}/comments"]`, { body: "Still nothing" });
  const opened = await done(stranger, late);
  assert(/^That ticket is closed, so we created INC-\d+ from your reply$/.test(opened.flash), opened.flash);
  assertEquals(textOf(opened.page, "h1"), "Follow-up: No VPN");
  assertEquals((await agent.get(`${href}/merge`)).html.includes("has already been merged"), true);

  const undone = await agent.submit(rest, `form[action="${href}/unmerge"]`, {});
  assertEquals((await done(agent, undone)).flash, `${source.key} is no longer merged`);
  assert((await stranger.get(href)).html.includes("Since noon"));
  assertEquals((await requester.get(`${href}/merge`)).status, 404);
  assertEquals((await stranger.get(`${href}/merge`)).status, 403);
});

Deno.test("The requester rates what is resolved, staff see it, and a reply that is too late opens a follow-up", async () => {
  const ticket = await raise(scene.requester);
  const href = `/tickets/${ticket.key}`;
  assertEquals((await requester.get(href)).document.querySelector(".star-input"), null);
  await scene.agent.post(`/tickets/${ticket.id}/transitions`, { to: "resolved", note: "Done", version: 1 });
  const ask = await requester.get(href);
  const none = await requester.submit(ask, `form[action="${href}/rating"]`, { comment: "Fine" });
  assertEquals(none.status, 422);
  assert(none.html.includes("Choose from 1 to 5") && none.html.includes("Fine"));
  const rated = await requester.submit(ask, `form[action="${href}/rating"]`, { score: "4", comment: "Fine" });
  const { page, flash } = await done(requester, rated);
  assertEquals(flash, "Thank you for your rating");
  assert(textOf(page, ".rating-given").includes("4 of 5, good"));
  assert(side(await agent.get(href), "Rating")!.textContent!.includes("4 of 5, good"));
  assertEquals((await agent.get(href)).document.querySelector(".star-input"), null);
  assertEquals((await agent.post(`${href}/rating`, { score: "1" })).status, 403);

  await put(desk, ticket.id, "closed", 15);
  const over = await requester.get(href);
  assert(over.html.includes("your reply opens a new ticket"));
  const reply = await done(
    requester,
    await requester.submit(over, `form[action="${href}/comments"]`, { body: "Again" }),
  );
  assertEquals(textOf(reply.page, "h1"), "Follow-up: Printer jams");
  assert(side(reply.page, "Linked tickets (1)")!.textContent!.includes("Follows up"));
});

Deno.test("Reopening says what is still wrong; raising a ticket for somebody by name", async () => {
  const ticket = await raise(scene.requester);
  const href = `/tickets/${ticket.key}`;
  await scene.agent.post(`/tickets/${ticket.id}/transitions`, { to: "resolved", note: "Done", version: 1 });
  const again = await requester.post(`${href}/transitions`, {
    to: "open",
    version: "2",
    note: "It jams again",
  });
  const { page } = await done(requester, again);
  // Beside what the resolution said.
  const notes = Array.from(page.document.querySelectorAll(".event-note"), (note) => note.textContent!.trim());
  assertEquals(notes, ["Done", "It jams again"]);

  const form = await agent.get("/tickets/new");
  const wrong = await agent.submit(form, "main form", {
    requester: "Nobody",
    title: "For you",
    description: "",
  });
  assertEquals([wrong.status, fieldValue(wrong, "requester"), fieldValue(wrong, "title")], [
    422,
    "Nobody",
    "For you",
  ]);
  const raised = await agent.submit(form, "main form", {
    requester: "rob",
    title: "For you",
    description: "",
  });
  const shown = await done(agent, raised);
  assert(shown.flash.endsWith("has been created for Rob Requester. You watch it too"), shown.flash);
  assert(shown.page.html.includes("created this for"));
  assertEquals((await requester.get("/tickets/new")).document.getElementById("f-requester"), null);
  // A requester's own is ignored.
  const own = await requester.post("/tickets/new", {
    requester: "Ana Agent",
    title: "Mine",
    description: "",
  });
  assert((await requester.follow(own)).html.includes("Opened by Rob Requester"));
});
