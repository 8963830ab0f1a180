import { closeDatabase, openDatabase } from "@/db/database.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import type { TestFile } from "@/tests/helpers/client.ts";
import { DOOR_SECRET, targetOf } from "@/tests/helpers/cluster.ts";
import { png, storedFiles } from "@/tests/helpers/files.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
const { desk, agent, requester, stranger } = scene;
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const rob = await PageClient.signedIn(requester);
const ana = await PageClient.signedIn(agent);
const sue = await PageClient.signedIn(stranger);

const LOG: TestFile = { name: "printer.log", content: "12:01 jam\n", type: "text/plain" };
const PHOTO: TestFile = { name: "photo.png", content: png(64, 48), type: "image/png" };
/** A file field that was left alone. */
const NONE: TestFile = { name: "", content: "" };

Deno.test("A new ticket takes files in the one form, without scripts", async () => {
  const form = await rob.get("/tickets/new");
  assertEquals(form.document.querySelector("main form")!.getAttribute("enctype"), "multipart/form-data");
  const input = form.document.querySelector('input[type="file"]')!;
  assertEquals([input.getAttribute("name"), input.hasAttribute("multiple")], ["file", true]);
  const sent = await rob.postFiles("/tickets/new", [PHOTO, LOG], { title: "Jam", description: "See files" });
  assertEquals(sent.status, 303);
  const page = await rob.follow(sent);
  const files = page.document.querySelectorAll("#comment-description .files a");
  assertEquals([...files].map((a) => a.querySelector(".file-name")!.textContent), [
    "photo.png",
    "printer.log",
  ]);
  const image = files[0]!.querySelector("img")!;
  assertEquals([image.getAttribute("width"), image.getAttribute("height")], ["64", "48"]);
  const shown = await rob.get(image.getAttribute("src")!);
  assertEquals([shown.status, shown.headers.get("content-type")], [200, "image/png"]);
  assert(shown.headers.get("content-disposition")!.startsWith("inline"));
  assert(shown.headers.get("content-security-policy")!.includes("sandbox"));
  const log = await ana.get(files[1]!.getAttribute("href")!);
  assertEquals([log.status, log.html], [200, LOG.content]);
  assertEquals(log.headers.get("content-disposition")!.split(";")[0], "attachment");
  assertEquals((await sue.get(files[1]!.getAttribute("href")!)).status, 404);
  const empty = await rob.postFiles("/tickets/new", [NONE], { title: "No file", description: "" });
  assertEquals(empty.status, 303);
});

Deno.test("A reply brings its files; a refused one keeps text and files", async () => {
  const ticket = await raise(requester);
  const path = `/tickets/${ticket.key}/comments`;
  const refused = await ana.postFiles(path, [LOG], { body: " ", visibility: "internal" });
  assertEquals(refused.status, 422);
  const kept = refused.document.querySelector('.composer input[name="attachmentIds"]')!;
  assert(kept.hasAttribute("checked"));
  assert(refused.html.includes("printer.log"));
  const sent = await ana.submit(refused, "form.composer", { body: "Here it is" });
  assertEquals(sent.status, 303);
  const page = await ana.follow(sent);
  const note = page.document.querySelector(".comment-internal")!;
  assertEquals(note.querySelector(".file-name")!.textContent, "printer.log");
  const href = note.querySelector("a.file")!.getAttribute("href")!;
  assertEquals((await ana.get(href)).status, 200);
  assertEquals((await rob.get(href)).status, 404);
  assert(!(await rob.get(`/tickets/${ticket.key}`)).html.includes("printer.log"));
});

Deno.test("CHK-24 a form whose file is refused keeps its text and says why beside the field", async () => {
  const ticket = await raise(requester);
  const before = await storedFiles(desk);
  const wrong = { name: "photo.png", content: "no picture at all" };
  const reply = await rob.postFiles(`/tickets/${ticket.key}/comments`, [LOG, wrong], {
    body: "My long reply",
    visibility: "public",
  });
  assertEquals(reply.status, 415);
  assertEquals(reply.document.querySelector(".composer textarea")!.textContent, "My long reply");
  assert(reply.document.querySelector(".composer .uploads .field-error")!.textContent!.includes("photo.png"));
  const large = { name: "big.txt", content: new Uint8Array(25 * 1024 * 1024 + 1).fill(0x61) };
  const raised = await rob.postFiles("/tickets/new", [large], {
    title: "Kept title",
    description: "Kept text",
  });
  assertEquals(raised.status, 413);
  assert(raised.html.includes("Kept title") && raised.html.includes("Kept text"));
  assert(raised.document.querySelector(".uploads .field-error")!.textContent!.includes("25 MiB"));
  assertEquals(await storedFiles(desk), before);
});

Deno.test("A form with files that is sent twice is done once", async () => {
  const fields = { title: "Once", description: "", idempotencyKey: crypto.randomUUID() };
  const [first, second] = [
    await rob.postFiles("/tickets/new", [LOG], fields),
    await rob.postFiles("/tickets/new", [LOG], fields),
  ];
  assertEquals([first.status, second.status], [303, 303]);
  assertEquals(first.location, second.location);
});

Deno.test("Files are added to a ticket beside the conversation, and deleted by whoever may", async () => {
  const ticket = await raise(requester);
  const path = `/tickets/${ticket.key}/attachments`;
  const none = await rob.postFiles(path, [NONE]);
  assertEquals(none.status, 422);
  assert(none.document.querySelector(".ticket-side .field-error")!.textContent!.includes("Choose a file"));
  const added = await rob.postFiles(path, [LOG, PHOTO]);
  assertEquals([added.status, added.location], [303, `/tickets/${ticket.key}`]);
  const page = await rob.follow(added);
  assertEquals(page.document.querySelectorAll(".file-row").length, 2);
  assert(
    page.document.querySelector(".conversation")!.textContent!.includes("attached printer.log, photo.png"),
  );
  const deleted = await rob.submit(page, ".file-row form");
  assertEquals(deleted.status, 303);
  const after = await rob.follow(deleted);
  assertEquals(after.document.querySelectorAll(".file-row").length, 1);
  assert(after.document.querySelector(".conversation")!.textContent!.includes("deleted printer.log"));
  assertEquals((await rob.get(path)).location, `/tickets/${ticket.key}`);
  assertEquals((await sue.postFiles(path, [LOG])).status, 404);
});

Deno.test("CHK-21 a form with files from another site is refused before it is read", async () => {
  let pulled = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1024));
    },
  }, { highWaterMark: 0 });
  const cookie = Array.from(rob.cookies, ([name, value]) => `${name}=${value}`).join("; ");
  const response = await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/tickets/new`, {
      method: "POST",
      headers: { cookie, "sec-fetch-site": "cross-site", "content-type": "multipart/form-data; boundary=x" },
      body,
    }),
  );
  await response.text();
  assertEquals([response.status, pulled], [403, 0]);
});

Deno.test("While the database is away a form with files answers 503 with its text kept", async () => {
  const fields = { title: "The lift is stuck", description: "Between floor 2 and 3" };
  const before = await storedFiles(desk);
  await closeDatabase();
  try {
    const page = await rob.postFiles("/tickets/new", [LOG], fields);
    assertEquals(page.status, 503);
    assert(page.html.includes("The lift is stuck") && page.html.includes("Between floor 2 and 3"));
    assert(page.html.includes("files were not kept"), page.html);
    assertEquals(await storedFiles(desk), before);
  } finally {
    await openDatabase({
      target: targetOf(desk.cluster, desk.database),
      admin: { user: desk.cluster.superuser },
      doorSecret: DOOR_SECRET,
      poolSize: 12,
    });
  }
  assertEquals((await rob.postFiles("/tickets/new", [LOG], fields)).status, 303);
});
