import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type Answer, Client, type TestFile } from "@/tests/helpers/client.ts";
import { png, storedFiles } from "@/tests/helpers/files.ts";
import { added, assertProblem, openScene, raise, UNKNOWN } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
const { desk, admin, agent, requester, stranger, other } = scene;
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());

const LOG: TestFile = { name: "printer.log", content: "12:01 jam\n12:02 jam\n", type: "text/plain" };

async function rows(): Promise<number> {
  const [row] = await desk.look<{ n: number }>("select count(*)::int as n from attachments");
  return row!.n;
}

/** Downloads a file's bytes. */
async function download(client: Client, id: string, query = "", headers: Record<string, string> = {}) {
  return await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/v1/attachments/${id}/content${query}`, {
      headers: { authorization: `Bearer ${client.token}`, ...headers },
    }),
  );
}

Deno.test("A requester attaches several files to their ticket; whoever sees the ticket reads them", async () => {
  const ticket = await raise(requester);
  const before = await storedFiles(desk);
  let uploaded: Answer | undefined;
  const traces = await added(desk, async () => {
    uploaded = await requester.upload(`/tickets/${ticket.key}/attachments`, [
      LOG,
      { name: "photo.png", content: png(640, 480), type: "image/png" },
    ]);
  });
  assertEquals(uploaded!.status, 201);
  assertEquals([traces.audit, traces.events], [1, 1]);
  const [log, photo] = uploaded!.body.items;
  assertEquals(log, {
    ...log,
    ticketId: ticket.id,
    commentId: null,
    visibility: "public",
    name: "printer.log",
    mediaType: "text/plain",
    size: 20,
    width: null,
    height: null,
    uploader: { id: requester.user.id, name: "Rob Requester" },
  });
  assertEquals([photo.mediaType, photo.width, photo.height], ["image/png", 640, 480]);
  assertEquals(uploaded!.headers.get("location"), `/v1/tickets/${ticket.id}/attachments`);
  const list = await agent.get(`/tickets/${ticket.id}/attachments`);
  assertEquals(list.body.items.map(({ name }: { name: string }) => name), ["printer.log", "photo.png"]);
  assertEquals((await agent.get(`/attachments/${log.id}`)).body.name, "printer.log");
  const content = await download(agent, log.id);
  assertEquals([content.status, await content.text()], [200, LOG.content]);
  assertEquals(content.headers.get("etag"), `"${log.sha256}"`);
  assertEquals((await storedFiles(desk)).length, before.length + 2);
  const again = await download(agent, log.id, "", { "if-none-match": `"${log.sha256}"` });
  assertEquals([again.status, await again.text()], [304, ""]);
});

Deno.test("CHK-25 a download is an attachment, nosniff, sandboxed, and its key is tenant and uuid", async () => {
  const ticket = await raise(requester);
  const { body } = await requester.upload(`/tickets/${ticket.id}/attachments`, [
    {
      name: "plan ünd 日本.svg",
      content: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    },
    { name: "page.html", content: "<!doctype html><script>alert(1)</script>" },
    { name: "photo.png", content: png(2, 2) },
  ]);
  const [svg, html, photo] = body.items;
  assertEquals(body.items.map(({ name }: { name: string }) => name), [
    "plan ünd 日本.svg",
    "page.html",
    "photo.png",
  ]);
  for (const file of [svg, html]) {
    for (const query of ["", "?preview", "?preview=1"]) {
      const response = await download(requester, file.id, query);
      await response.text();
      assertEquals(response.status, 200);
      assert(response.headers.get("content-disposition")!.startsWith("attachment; "));
      assertEquals(response.headers.get("content-type"), "application/octet-stream");
      assertEquals(response.headers.get("x-content-type-options"), "nosniff");
      assert(/(?:^|; )sandbox(?:;|$)/.test(response.headers.get("content-security-policy")!));
    }
  }
  const named = await download(requester, svg.id);
  await named.text();
  assertEquals(
    named.headers.get("content-disposition"),
    `attachment; filename="plan und __.svg"; filename*=UTF-8''plan%20%C3%BCnd%20%E6%97%A5%E6%9C%AC.svg`,
  );
  const shown = await download(requester, photo.id, "?preview");
  assertEquals(new Uint8Array(await shown.arrayBuffer()), png(2, 2));
  assert(shown.headers.get("content-disposition")!.startsWith("inline; "));
  assertEquals(shown.headers.get("content-type"), "image/png");
  assert(shown.headers.get("content-security-policy")!.includes("sandbox"));
  const keys = await desk.look<{ tenant_id: string; storage_key: string }>(
    "select tenant_id, storage_key from attachments",
  );
  const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  for (const { tenant_id, storage_key } of keys) {
    assert(new RegExp(`^${tenant_id}/${uuid}$`).test(storage_key), storage_key);
  }
});

Deno.test("CHK-25 another tenant, no access to the ticket, and deleted files are 404", async () => {
  const ticket = await raise(requester);
  const { body } = await requester.upload(`/tickets/${ticket.id}/attachments`, [LOG]);
  const { id } = body.items[0];
  for (const client of [stranger, other]) {
    assertProblem(await client.get(`/attachments/${id}`), 404, "not_found");
    assertProblem(await client.get(`/attachments/${id}/content`), 404, "not_found");
    assertProblem(await client.delete(`/attachments/${id}`), 404, "not_found");
    assertProblem(await client.get(`/tickets/${ticket.id}/attachments`), 404, "not_found");
    const before = await storedFiles(desk);
    assertProblem(await client.upload(`/tickets/${ticket.id}/attachments`, [LOG]), 404, "not_found");
    assertEquals(await storedFiles(desk), before);
  }
  const files = await storedFiles(desk);
  assertEquals((await requester.delete(`/attachments/${id}`)).status, 204);
  for (const client of [requester, agent, admin]) {
    assertProblem(await client.get(`/attachments/${id}`), 404, "not_found");
    assertProblem(await client.get(`/attachments/${id}/content`), 404, "not_found");
    assertProblem(await client.delete(`/attachments/${id}`), 404, "not_found");
  }
  assertEquals((await requester.get(`/tickets/${ticket.id}/attachments`)).body.items, []);
  await new Promise((done) => setTimeout(done, 50));
  assertEquals((await storedFiles(desk)).length, files.length - 1);
  assertProblem(await requester.get(`/attachments/nonsense`), 404, "not_found");
});

Deno.test("CHK-25 files of an internal note are for staff alone", async () => {
  const ticket = await raise(requester);
  const [file] = (await agent.upload("/attachments", [LOG])).body.items;
  const note = await agent.post(`/tickets/${ticket.id}/comments`, {
    body: "See the log",
    visibility: "internal",
    attachmentIds: [file.id],
  });
  assertEquals(note.status, 201);
  const direct = await agent.upload(`/tickets/${ticket.id}/attachments`, [LOG], {
    fields: { visibility: "internal" },
  });
  const seen = await agent.get(`/tickets/${ticket.id}/attachments`);
  assertEquals(
    seen.body.items.map((it: { visibility: string; commentId: string }) => [it.visibility, it.commentId]),
    [["internal", note.body.id], ["internal", null]],
  );
  assertEquals((await requester.get(`/tickets/${ticket.id}/attachments`)).body.items, []);
  for (const id of [file.id, direct.body.items[0].id]) {
    assertProblem(await requester.get(`/attachments/${id}`), 404, "not_found");
    assertProblem(await requester.get(`/attachments/${id}/content`), 404, "not_found");
    assertProblem(await requester.delete(`/attachments/${id}`), 404, "not_found");
  }
  assertProblem(
    await requester.upload(`/tickets/${ticket.id}/attachments`, [LOG], {
      fields: { visibility: "internal" },
    }),
    403,
    "forbidden",
  );
});

Deno.test("Only the uploader uses and sees an unbound file, and only once", async () => {
  const [file] = (await requester.upload("/attachments", [LOG])).body.items;
  assertEquals(file.ticketId, null);
  assertEquals((await requester.get(`/attachments/${file.id}`)).status, 200);
  const ticket = await raise(requester);
  for (const client of [agent, admin]) {
    assertProblem(await client.get(`/attachments/${file.id}`), 404, "not_found");
    const refused = await client.post(`/tickets/${ticket.id}/comments`, {
      visibility: "public",
      body: "Mine now",
      attachmentIds: [file.id],
    });
    assertEquals([refused.status, refused.body.errors[0].path], [422, "attachmentIds"]);
  }
  const raised = await raise(requester, { attachmentIds: [file.id] });
  assertEquals((await agent.get(`/attachments/${file.id}`)).body.ticketId, raised.id);
  const again = await requester.post("/tickets", {
    title: "Twice",
    description: "",
    attachmentIds: [file.id],
  });
  assertProblem(again, 422, "invalid");
  assertEquals(again.body.errors[0].path, "attachmentIds");
  const mixed = (await requester.upload("/attachments", [LOG])).body.items[0];
  const partly = await requester.post(`/tickets/${ticket.id}/comments`, {
    visibility: "public",
    body: "One of them is nobody's",
    attachmentIds: [mixed.id, UNKNOWN],
  });
  assertProblem(partly, 422, "invalid");
  assertEquals((await requester.get(`/attachments/${mixed.id}`)).body.ticketId, null);
  const many = await requester.post("/tickets", {
    title: "Many",
    description: "",
    attachmentIds: Array.from({ length: 11 }, () => crypto.randomUUID()),
  });
  assertProblem(many, 422, "invalid");
});

Deno.test("A file is deleted by its uploader or by staff, and by no other requester who sees it", async () => {
  const ticket = await raise(requester);
  const [first] = (await requester.upload(`/tickets/${ticket.id}/attachments`, [LOG])).body.items;
  const [second] = (await agent.upload(`/tickets/${ticket.id}/attachments`, [LOG])).body.items;
  assertProblem(await requester.delete(`/attachments/${second.id}`), 403, "forbidden");
  const traces = await added(desk, async () => {
    assertEquals((await agent.delete(`/attachments/${first.id}`)).status, 204);
  });
  assertEquals([traces.audit, traces.events], [1, 1]);
  const twice = await Promise.all([
    agent.delete(`/attachments/${second.id}`),
    admin.delete(`/attachments/${second.id}`),
  ]);
  assertEquals(twice.map(({ status }) => status).sort(), [204, 404]);
});

Deno.test("CHK-24 what a file is has to be on the list, and what its name and type say", async () => {
  const count = await rows();
  const files = await storedFiles(desk);
  const elf = new Uint8Array(400);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const exe = new Uint8Array(400);
  exe.set([0x4d, 0x5a, 0x90]);
  const wrong: TestFile[] = [
    { name: "tool.exe", content: exe },
    { name: "photo.png", content: exe },
    { name: "photo.png", content: "just text" },
    { name: "photo.jpg", content: png(2, 2), type: "image/jpeg" },
    { name: "notes.txt", content: png(2, 2) },
    { name: "notes.txt", content: elf },
    { name: "report.pdf", content: "<!doctype html><script>1</script>", type: "application/pdf" },
    { name: "photo.png", content: png(2, 2), type: "application/pdf" },
    { name: "run.bat", content: "del *" },
    { name: "run.js", content: "alert(1)" },
    { name: "image.iso", content: new Uint8Array(4000) },
    { name: "report.docx", content: "%PDF-1.7 not a document at all, really" },
    { name: "binary", content: new Uint8Array(4000) },
  ];
  for (const file of wrong) {
    const answer = await requester.upload("/attachments", [file]);
    assertEquals([file.name, answer.status, answer.body.type], [
      file.name,
      415,
      "/problems/unsupported_media_type",
    ]);
  }
  const empty = await requester.upload("/attachments", [{ name: "a.txt", content: "" }]);
  assertProblem(empty, 422, "invalid");
  assertEquals(await rows(), count);
  assertEquals(await storedFiles(desk), files);
});

Deno.test("CHK-24 a file of 25 MiB is taken, one byte more is 413, and nothing is left of it", async () => {
  const ticket = await raise(requester);
  const most = 25 * 1024 * 1024;
  const text = new Uint8Array(most + 1).fill(0x61);
  const taken = await requester.upload(`/tickets/${ticket.id}/attachments`, [
    { name: "big.txt", content: text.subarray(1) },
  ]);
  assertEquals([taken.status, taken.body.items?.[0].size], [201, most]);
  const files = await storedFiles(desk);
  const count = await rows();
  const refused = await requester.upload(`/tickets/${ticket.id}/attachments`, [
    LOG,
    { name: "bigger.txt", content: text },
  ]);
  assertProblem(refused, 413, "too_large");
  assert(refused.body.detail.includes("25 MiB"), refused.body.detail);
  assertEquals(await rows(), count);
  assertEquals(await storedFiles(desk), files);
});

Deno.test("CHK-24 an image of over 50 million pixels is refused by its header", async () => {
  const bomb = await requester.upload("/attachments", [{ name: "bomb.png", content: png(50_000, 50_000) }]);
  assertProblem(bomb, 413, "too_large");
  assert(bomb.body.detail.includes("50000 × 50000"), bomb.body.detail);
  assertEquals(
    (await requester.upload("/attachments", [{ name: "map.png", content: png(10_000, 5_000) }])).status,
    201,
  );
});

Deno.test("CHK-24 archives are kept as they are", async () => {
  // An empty archive's end record, and a stored entry that claims to unpack to 4 GiB.
  const zip = new Uint8Array(64);
  zip.set([0x50, 0x4b, 0x03, 0x04, 20, 0, 0, 0, 8, 0]);
  zip.set([0xff, 0xff, 0xff, 0x00, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0x61], 14);
  const { status, body } = await requester.upload("/attachments", [{ name: "logs.zip", content: zip }]);
  assertEquals([status, body.items[0].mediaType, body.items[0].size], [201, "application/zip", 64]);
  const response = await download(requester, body.items[0].id);
  assertEquals(new Uint8Array(await response.arrayBuffer()), zip);
});

Deno.test("CHK-24 the quota of an organisation is exact, also among parallel uploads", async () => {
  const small = await desk.register("Small Works");
  await desk.look("update tenants set attachment_quota_mib = 1 where id = $1", [small.tenant.id]);
  const content = new Uint8Array(300 * 1024).fill(0x61);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => small.upload("/attachments", [{ name: `${i}.txt`, content }])),
  );
  assertEquals(answers.map(({ status }) => status).sort(), [201, 201, 201, 413, 413, 413]);
  const refused = answers.find(({ status }) => status === 413)!;
  assert(refused.body.detail.includes("1 MiB"), refused.body.detail);
  assertEquals((await storedFiles(desk, small.tenant.id)).length, 3);
  const kept = answers.find(({ status }) => status === 201)!;
  assertEquals((await small.delete(`/attachments/${kept.body.items[0].id}`)).status, 204);
  assertEquals((await small.upload("/attachments", [{ name: "again.txt", content }])).status, 201);
  await desk.look("update tenants set attachment_quota_mib = 0 where id = $1", [small.tenant.id]);
  assertProblem(await small.upload("/attachments", [LOG]), 413, "too_large");
});

Deno.test("Names lose folders, controls and marks that turn text, and keep their extension", async () => {
  const names: [string, string][] = [
    ["../../etc/passwd.txt", "passwd.txt"],
    ["C:\\Users\\ana\\notes.txt", "notes.txt"],
    ["inv\u202etxt.exe.txt", "invtxt.exe.txt"],
    ["ab\u200bc\ufeff.txt", "abc.txt"],
    ["..txt", "txt.txt"],
    [".htaccess.txt", "htaccess.txt"],
    ["  spaced   out .txt", "spaced out .txt"],
    ['<img src=x onerror="1">.txt', "_img src=x onerror=_1__.txt"],
    [`${"n".repeat(300)}.txt`, `${"n".repeat(196)}.txt`],
    ["\ud83d\ude00 plan.txt", "\ud83d\ude00 plan.txt"],
    ["no extension", "no extension.txt"],
  ];
  for (const [given, kept] of names) {
    const { status, body } = await requester.upload("/attachments", [{ name: given, content: "text" }]);
    assertEquals([given, status, body.items?.[0].name], [given, 201, kept]);
  }
});

Deno.test("A repeat with the same Idempotency-Key uploads nothing twice", async () => {
  const ticket = await raise(requester);
  const headers = { "idempotency-key": crypto.randomUUID() };
  const path = `/tickets/${ticket.id}/attachments`;
  const before = await storedFiles(desk);
  const answers = await Promise.all([1, 2, 3].map(() => requester.upload(path, [LOG], { headers })));
  assertEquals(answers.map(({ status }) => status), [201, 201, 201]);
  assertEquals(new Set(answers.map(({ text }) => text)).size, 1);
  assertEquals((await agent.get(path)).body.items.length, 1);
  assertEquals((await storedFiles(desk)).length, before.length + 1);
  const reused = await requester.upload(path, [{ ...LOG, content: "other" }], { headers });
  assertProblem(reused, 422, "key_reused");
  assertEquals((await storedFiles(desk)).length, before.length + 1);
});

Deno.test("Too many files, wrong fields, no file and no form are refused, and leave nothing", async () => {
  const before = await storedFiles(desk);
  const count = await rows();
  const eleven = Array.from({ length: 11 }, (_, i) => ({ name: `${i}.txt`, content: "text" }));
  assertProblem(await requester.upload("/attachments", eleven), 413, "too_large");
  const field = await requester.upload("/attachments", [{ ...LOG, field: "photo" }]);
  assertEquals([field.status, field.body.errors[0].path], [422, "photo"]);
  const fields = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}`, "x"]));
  assertProblem(await requester.upload("/attachments", [LOG], { fields }), 413, "too_large");
  assertProblem(
    await requester.upload("/attachments", [LOG], { fields: { note: "x".repeat(600_000) } }),
    413,
    "too_large",
  );
  const none = await requester.upload("/attachments", [], { fields: { visibility: "public" } });
  assertEquals([none.status, none.body.errors[0].path], [422, "file"]);
  assertProblem(await requester.post("/attachments", { file: "x" }), 415, "unsupported_media_type");
  const ticket = await raise(requester);
  const odd = await requester.upload(`/tickets/${ticket.id}/attachments`, [LOG], {
    fields: { visibility: "odd" },
  });
  assertProblem(odd, 422, "invalid");
  assertEquals(await storedFiles(desk), before);
  assertEquals(await rows(), count);
});

Deno.test("CHK-21 who isn't signed in, or comes from another site, is refused before the body is read", async () => {
  const ask = async (path: string, headers: Record<string, string>) => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1024));
      },
    }, { highWaterMark: 0 });
    const response = await desk.fetch(
      new Request(`${desk.config.PUBLIC_URL}/v1${path}`, {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=x", ...headers },
        body,
      }),
    );
    await response.text();
    return [response.status, pulled];
  };
  assertEquals(await ask("/attachments", {}), [401, 0]);
  assertEquals(await ask("/attachments", { authorization: "Bearer x.y.z" }), [401, 0]);
  const ours = { authorization: `Bearer ${requester.token}` };
  assertEquals(await ask(`/tickets/${UNKNOWN}/attachments`, ours), [404, 0]);
  assertEquals(await ask("/attachments", { cookie: "session=1", "sec-fetch-site": "cross-site" }), [403, 0]);
  assertEquals(await ask("/attachments", { ...ours, "content-length": "900000000" }), [413, 0]);
  assertEquals(await ask("/attachments", { ...ours, "content-type": "multipart/form-data" }), [400, 0]);
});
