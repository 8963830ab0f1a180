import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("Comments: mended, looked back at and quoted without scripts", async (t) => {
  await using scene = await openScene();
  const { desk, agent, requester } = scene;
  const ticket = await raise(requester);
  const href = `/tickets/${ticket.key}`;
  const theirs = await PageClient.signedIn(requester);
  const ours = await PageClient.signedIn(agent);

  await t.step("a reply that calls somebody who may not read it says so", async () => {
    const sent = await ours.submit(await ours.get(href), "form.composer", {
      body: "Hello @Rob Requester, ask @Sue Stranger",
    });
    assertEquals(sent.status, 303);
    const page = await ours.follow(sent);
    assert(textOf(page, ".flash-region").includes("Sue Stranger can't see it and was not notified"));
    assertEquals([...page.document.querySelectorAll(".mention")].map((one) => one.textContent), [
      "@Rob Requester",
    ]);
  });

  const { id } =
    (await requester.post(`${href}/comments`, { visibility: "public", body: "Tray 2\n\n**now**" })).body;
  const edit = `${href}/comments/${id}/edit`;

  await t.step("its author finds the way to mend it, others don't", async () => {
    assert((await theirs.get(href)).document.querySelector(`a[href="${edit}"]`));
    assertEquals((await ours.get(href)).document.querySelector(`a[href="${edit}"]`), null);
    assertEquals((await ours.get(edit)).status, 403);
  });

  await t.step("an empty text is refused beside the field, a good one is saved", async () => {
    const page = await theirs.get(edit);
    assertEquals(fieldValue(page, "body"), "Tray 2\n\n**now**");
    const refused = await theirs.submit(page, "main form", { body: " " });
    assertEquals([refused.status, fieldError(refused, "body")], [422, "Must not be empty"]);
    const saved = await theirs.submit(page, "main form", { body: "Tray 3" });
    assertEquals([saved.status, saved.location], [303, `${href}?comment=${id}#comment-${id}`]);
    const after = await theirs.follow(saved);
    assert(textOf(after, `#comment-${id}`).includes("edited"));
    // The form was opened before: both texts are there to choose from.
    const stale = await theirs.submit(page, "main form", { body: "Tray 4" });
    assertEquals(stale.status, 409);
    assert(
      textOf(stale, "form.conflict").includes("Tray 3") && textOf(stale, "form.conflict").includes("Tray 4"),
    );
    assertEquals((await theirs.submit(stale, "form.conflict")).status, 303);
  });

  await t.step("what it said before is a link away", async () => {
    const page = await ours.get(href);
    const link = page.document.querySelector(`#comment-${id} a[href$="/history"]`)!;
    const history = await ours.get(link.getAttribute("href")!);
    const said = [...history.document.querySelectorAll(".comment-body")].map((one) =>
      one.textContent!.trim()
    );
    assertEquals(said, ["Tray 4", "Tray 3", "Tray 2\nnow"]);
  });

  await t.step("who runs out of time keeps the text", async () => {
    const page = await theirs.get(edit);
    await desk.look("update comments set created_at = created_at - interval '1 hour' where id = $1", [id]);
    const late = await theirs.submit(page, "main form", { body: "Tray 5" });
    assertEquals([late.status, fieldValue(late, "body")], [403, "Tray 5"]);
    assert(textOf(late, "[role=alert]").includes("15 minutes"));
    assertEquals((await theirs.get(edit)).status, 403);
    assertEquals((await theirs.get(href)).document.querySelector(`a[href="${edit}"]`), null);
  });

  await t.step("a quote fills the reply; a quoted note makes a note", async () => {
    const note =
      (await agent.post(`${href}/comments`, { body: "psst\nsecret", visibility: "internal" })).body;
    const quoted = await ours.get(`${href}?quote=${id}`);
    assertEquals(fieldValue(quoted, "body").trim(), "> Tray 4");
    assertEquals(fieldValue(quoted, "visibility"), "public");
    const internal = await ours.get(`${href}?quote=${note.id}`);
    assertEquals(fieldValue(internal, "body").trim(), "> psst\n> secret");
    assertEquals(fieldValue(internal, "visibility"), "internal");
    assertEquals(fieldValue(await ours.get(`${href}?quote=description`), "body").trim(), "> Paper tray 2");
    for (const odd of [note.id, "odd", crypto.randomUUID()]) {
      const page = await theirs.get(`${href}?quote=${odd}`);
      assertEquals([page.status, fieldValue(page, "body")], [200, ""]);
    }
  });
});
