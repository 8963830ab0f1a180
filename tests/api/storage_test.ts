import { removeUnusedUploads } from "@/jobs/remove_unused_uploads.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("V11 one person's unused uploads take a share, not the organisation's quota, and are gone in an hour", async () => {
  await using scene = await openScene({ UPLOAD_SHARE_MIB: "1" });
  const { desk, admin, requester, stranger, agent } = scene;
  const file = (name: string) => ({ name, content: "x".repeat(400 * 1024) });
  const upload = (client: Client, name: string) => client.upload("/attachments", [file(name)]);
  const [first] = (await upload(requester, "1.txt")).body.items;
  assertEquals((await upload(requester, "2.txt")).status, 201);
  const refused = await upload(requester, "3.txt");
  assertProblem(refused, 413, "too_large");
  assert(refused.body.detail.includes("1 MiB"), refused.text);
  // Several at once get no more than one after the other.
  const parallel = await Promise.all(["a", "b", "c", "d"].map((name) => upload(stranger, name)));
  assertEquals(parallel.map(({ status }) => status).sort(), [201, 201, 413, 413]);
  // What is used is no longer part of the share.
  const ticket = await raise(requester);
  const used = { body: "See", visibility: "public", attachmentIds: [first.id] };
  assertEquals((await requester.post(`/tickets/${ticket.id}/comments`, used)).status, 201);
  assertEquals((await upload(requester, "4.txt")).status, 201);

  const { status, body } = await admin.get("/storage");
  assertEquals(status, 200);
  const of = (client: Client) =>
    body.items.find(({ person }: { person: { id: string } }) => person.id === client.user.id);
  const KIB = 1024;
  assertEquals([
    of(requester).files,
    of(requester).bytes,
    of(requester).unusedFiles,
    of(requester).unusedBytes,
  ], [
    3,
    1200 * KIB,
    2,
    800 * KIB,
  ]);
  assertEquals([of(stranger).unusedFiles, body.bytes, body.items.length], [2, 2000 * KIB, 2]);
  assertEquals((await admin.get("/storage?limit=1")).body.items, [body.items[0]]);
  const { nextCursor } = (await admin.get("/storage?limit=1")).body;
  assertEquals((await admin.get(`/storage?limit=1&cursor=${nextCursor}`)).body.items, [body.items[1]]);
  assertProblem(await agent.get("/storage"), 403, "forbidden");

  const page = await (await PageClient.signedIn(admin)).get("/admin/storage");
  const row = page.document.querySelector(`a[href="/admin/users/${stranger.user.id}"]`)?.closest("tr");
  const cells = [...row?.querySelectorAll("td") ?? []].slice(1).map((cell) => cell.textContent);
  // Each says what it counts: a narrow page has no headings.
  assertEquals([page.status, ...cells], [200, "2 files", "800 KiB", "2 unused uploads (800 KiB)"]);

  await desk.look(
    "update attachments set created_at = now() - interval '61 minutes' where ticket_id is null",
  );
  assertEquals(await removeUnusedUploads(desk.request(), NEVER), 4);
  const after = (await admin.get("/storage")).body;
  assertEquals([after.bytes, after.items.length, after.items[0].unusedFiles], [400 * KIB, 1, 0]);
  assertEquals((await upload(stranger, "e")).status, 201);
});
