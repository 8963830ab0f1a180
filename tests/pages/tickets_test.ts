import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import {
  fieldError,
  fieldValue,
  type PageAnswer,
  PageClient,
  textOf,
} from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const agent = await PageClient.signedIn(scene.agent);
const requester = await PageClient.signedIn(scene.requester);
const stranger = await PageClient.signedIn(scene.stranger);

/** Finds the form around a hidden field: the parser knows no `:has()`. */
function formWith(page: PageAnswer, name: string, value: string): string {
  const input = page.document.querySelector(`input[name="${name}"][value="${value}"]`);
  const form = input?.closest("form");
  if (!form) throw new Error(`Cannot find the form to "${value}" on ${page.path}`);
  form.id = `form-${value}`;
  return `#${form.id}`;
}

Deno.test("A ticket with something wrong is 422 with everything kept and the error beside the field", async () => {
  const form = await requester.get("/tickets/new");
  const page = await requester.submit(form, "main form", {
    title: " ",
    description: "It **jams**",
    urgency: "high",
  });
  assertEquals(page.status, 422);
  assertEquals([fieldValue(page, "description"), fieldValue(page, "urgency")], ["It **jams**", "high"]);
  assertEquals(fieldError(page, "title"), "Must not be empty");
  const long = await requester.submit(page, "main form", { title: "x".repeat(201) });
  assertEquals([long.status, fieldValue(long, "title").length], [422, 201]);
  const huge = await requester.submit(page, "main form", { title: "x", description: "y".repeat(65_537) });
  assertEquals([huge.status, fieldError(huge, "description")], [422, "Must have at most 64 KiB"]);
  const foreign = (await scene.other.get("/categories")).body.items[0].id;
  const other = await requester.post("/tickets/new", { title: "x", description: "", categoryId: foreign });
  assertEquals([other.status, fieldError(other, "categoryId")], [
    422,
    "Doesn't exist, or you may not use it",
  ]);
});

Deno.test("CHK-32 a form that is sent twice makes one ticket", async () => {
  const form = await requester.get("/tickets/new");
  const sent = await Promise.all(
    Array.from(
      { length: 10 },
      () => requester.submit(form, "main form", { title: "Sent twice", description: "" }),
    ),
  );
  assertEquals(new Set(sent.map((answer) => `${answer.status} ${answer.location}`)).size, 1);
  assertEquals(sent[0]!.status, 303);
  const rows = await scene.desk.look("select 1 from tickets where title = 'Sent twice'");
  assertEquals(rows.length, 1);
});

Deno.test("What people write is shown as text, never as markup of the page", async () => {
  const ticket = await raise(scene.requester, {
    title: "<img src=x onerror=alert(1)>",
    description: "<script>alert(1)</script> [x](javascript:alert(1)) ![y](//evil.example/z.png) **bold**",
  });
  const page = await agent.get(`/tickets/${ticket.key}`);
  assertEquals(textOf(page, "h1"), "<img src=x onerror=alert(1)>");
  const body = page.document.querySelector(".comment-body")!;
  assertEquals([...body.querySelectorAll("script, img")].length, 0);
  assertEquals([...body.querySelectorAll("a")].map((link) => link.getAttribute("href")), [
    "//evil.example/z.png",
  ]);
  assertEquals(body.querySelector("strong")?.textContent, "bold");
});

Deno.test("An agent assigns, answers, notes and resolves by forms; the requester sees what is theirs", async () => {
  const ticket = await raise(scene.requester, { title: "VPN drops" });
  const href = `/tickets/${ticket.key}`;
  let page = await agent.get(href);
  const assigned = await agent.submit(page, `form[action="${href}/assignment"]`, {
    assigneeId: scene.agent.user.id,
  });
  assertEquals([assigned.status, assigned.location], [303, href]);
  page = await agent.follow(assigned);
  assert(textOf(page, ".flash-region").includes("Assigned to Ana Agent"));
  const note = await agent.submit(page, ".composer", { body: "Check the toner", visibility: "internal" });
  assertEquals(note.status, 303);
  await agent.submit(await agent.get(href), ".composer", { body: "We look at it", visibility: "public" });
  page = await agent.get(href);
  const early = await agent.submit(page, formWith(page, "to", "resolved"), { note: " " });
  assertEquals(early.status, 422);
  page = await agent.get(href);
  const resolved = await agent.submit(page, formWith(page, "to", "resolved"), { note: "New profile" });
  assertEquals([resolved.status, resolved.location], [303, href]);
  const seen = await requester.get(href);
  assert(seen.html.includes("We look at it") && seen.html.includes("New profile"));
  assert(!seen.html.includes("Check the toner"));
  assertEquals(seen.document.querySelector('[name="visibility"][value="internal"]'), null);
  assertEquals((await stranger.get(href)).status, 404);
  assertEquals(
    (await stranger.post(`${href}/comments`, { body: "Hello", visibility: "public" })).status,
    404,
  );
});

Deno.test("An empty reply is 422 on the ticket's own page, and a refused internal note keeps its text", async () => {
  const ticket = await raise(scene.requester);
  const empty = await requester.post(`/tickets/${ticket.key}/comments`, { body: " ", visibility: "public" });
  assertEquals([empty.status, fieldError(empty, "body")], [422, "Must not be empty"]);
  const internal = await requester.post(`/tickets/${ticket.key}/comments`, {
    body: "Psst",
    visibility: "internal",
  });
  assertEquals([internal.status, fieldValue(internal, "body")], [403, "Psst"]);
});

Deno.test("A scheduled wait takes the reader's own clock, and a wrong one keeps the form open", async () => {
  const ticket = await raise(scene.requester);
  const href = `/tickets/${ticket.key}`;
  const { version } = (await scene.agent.get("/me")).body;
  await scene.agent.patch("/me", { version, timeZone: "Asia/Tokyo" });
  let page = await agent.get(href);
  const fields = { reason: "scheduled", until: "2001-01-01T09:00" };
  const past = await agent.submit(page, formWith(page, "to", "pending"), fields);
  assertEquals(past.status, 422);
  const opened = past.document.querySelector('input[name="to"][value="pending"]')!.closest("details")!;
  assert(opened.hasAttribute("open"));
  assertEquals(opened.querySelector('[name="until"]')!.getAttribute("value"), "2001-01-01T09:00");
  page = await agent.get(href);
  const done = await agent.submit(page, formWith(page, "to", "pending"), {
    ...fields,
    until: "2031-01-01T09:00",
  });
  assertEquals(done.status, 303);
  assertEquals((await scene.agent.get(href)).body.pendingUntil, "2031-01-01T00:00:00.000Z");
  const told = async (reason: string, until: string) => {
    const before = await agent.get(href);
    const answer = await agent.submit(before, formWith(before, "to", "pending"), { reason, until });
    const after = await agent.follow(answer);
    const events = [...after.document.querySelectorAll(".event-text > span:first-child")];
    return [textOf(after, ".flash-region"), events.at(-1)?.textContent?.replaceAll(/\s+/g, " ").trim()];
  };
  // Both say what it waits for from now on, and until when.
  assertEquals(await told("vendor", "2031-01-02T09:00"), [
    `${ticket.key} is now Pending: Waiting for a vendor until Jan 2, 2031, 9:00 AM`,
    "Ana Agent changed this to Waiting for a vendor until Jan 2, 2031, 9:00 AM",
  ]);
  assertEquals(
    (await told("vendor", "2031-01-03T09:00"))[1],
    "Ana Agent made this wait until Jan 3, 2031, 9:00 AM",
  );
  assertEquals(await told("requester", ""), [
    `${ticket.key} is now Pending: Waiting for the requester`,
    "Ana Agent changed this to Waiting for the requester without a date",
  ]);
  await told("requester", "2031-01-04T09:00");
  assertEquals((await told("requester", ""))[1], "Ana Agent removed the date until which this waits");
});

Deno.test("A wrong type is corrected by the form, and an old link still leads to the ticket", async () => {
  const ticket = await raise(scene.requester);
  const form = await agent.get(`/tickets/${ticket.key}/edit`);
  assertEquals(form.document.querySelector('[name="type"] option[selected]')?.textContent, "Incident");
  const saved = await agent.submit(form, "main form", { type: "service_request" });
  const key = ticket.key.replace("INC", "REQ");
  assertEquals([saved.status, saved.location], [303, `/tickets/${key}`]);
  const old = await agent.get(`/tickets/${ticket.key}`);
  assertEquals(old.status, 200);
  const events = [...old.document.querySelectorAll("main li, main article")].map((one) => one.textContent);
  assert(
    events.some((text) => /changed type from\s+Incident\s+to\s+Service request/.test(text ?? "")),
    old.html,
  );
  const own = await PageClient.signedIn(scene.requester);
  const text = await own.get(`/tickets/${key}/edit`);
  assertEquals(text.document.querySelector('[name="type"]'), null);
});

Deno.test("Who saves second sees both values, and the choice is saved", async () => {
  const ticket = await raise(scene.requester, { title: "Printer" });
  const href = `/tickets/${ticket.key}`;
  const form = await agent.get(`${href}/edit`);
  await scene.admin.patch(`/tickets/${ticket.id}`, {
    version: 1,
    title: "Printer on floor 3",
    urgency: "high",
  });
  const conflict = await agent.submit(form, "main form", { title: "Printer on floor 4" });
  assertEquals(conflict.status, 409);
  const offered = [...conflict.document.querySelectorAll('[name="title"]')].map((input) =>
    input.getAttribute("value")
  );
  assertEquals(offered, ["Printer on floor 4", "Printer on floor 3"]);
  // Nobody typed the old urgency: it isn't offered as theirs.
  const fields = [...conflict.document.querySelectorAll(".conflict input")].map((input) =>
    input.getAttribute("name")
  );
  assertEquals([...new Set(fields)], ["version", "base", "title"]);
  assertEquals((await scene.agent.get(href)).body.title, "Printer on floor 3");
  const chosen = await agent.submit(conflict, ".conflict", { title: "Printer on floor 4" });
  assertEquals([chosen.status, chosen.location], [303, href]);
  const { title, urgency } = (await scene.agent.get(href)).body;
  assertEquals([title, urgency], ["Printer on floor 4", "high"]);
});

Deno.test("A stale move is 409 on the ticket's page and changes nothing", async () => {
  const ticket = await raise(scene.requester);
  const href = `/tickets/${ticket.key}`;
  const page = await agent.get(href);
  await scene.agent.patch(`/tickets/${ticket.id}`, { version: 1, title: "Changed" });
  const stale = await agent.submit(page, formWith(page, "to", "in_progress"));
  assertEquals(stale.status, 409);
  assert(textOf(stale, ".form-errors").includes("Someone else changed this in the meantime"));
  assertEquals((await scene.agent.get(href)).body.status, "new");
});

Deno.test("The list filters by its address, pages by cursor, and says what it can't read", async () => {
  for (let i = 0; i < 3; i++) await raise(scene.requester, { title: `Listed ${i}`, tags: undefined });
  const keys = (page: PageAnswer) =>
    [...page.document.querySelectorAll(".ticket-key")].map((cell) => cell.textContent);
  const all = await agent.get("/tickets?status=");
  assertEquals(all.status, 200);
  assert(keys(all).length >= 3);
  const searched = await agent.get("/tickets?q=Listed+1");
  assertEquals(keys(searched).length, 1);
  const odd = await agent.get("/tickets?status=odd");
  assertEquals([odd.status, keys(odd)], [422, []]);
  assertEquals(keys(await stranger.get("/tickets?status=")), []);
});

Deno.test("Home shows a requester their own, and staff what waits", async () => {
  await raise(scene.requester, { title: "Seen at home" });
  assert((await requester.get("/home")).html.includes("Seen at home"));
  assert((await agent.get("/home")).html.includes("Unassigned tickets"));
  assert(!(await stranger.get("/home")).html.includes("Seen at home"));
});

Deno.test("Pages of a ticket lead on by its own key, whatever stood in the address", async () => {
  const ticket = await raise(scene.requester);
  for (const end of ["comments", "assignment", "transitions", "edit"]) {
    assertEquals([end, (await agent.get(`/tickets/${ticket.key}%E2%80%83/${end}`)).status], [end, 404]);
    if (end === "edit") continue;
    const back = await agent.get(`/tickets/${ticket.id.toUpperCase()}/${end}`);
    assertEquals([back.status, back.location], [303, `/tickets/${ticket.key}`]);
  }
  const said = await agent.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: "Hello" });
  assert(said.location?.startsWith(`/tickets/${ticket.key}?comment=`), said.location!);
});

Deno.test("A malformed cursor of comments is 422", async () => {
  const ticket = await raise(scene.requester);
  assertEquals((await agent.get(`/tickets/${ticket.key}?before=x.y`)).status, 422);
});
