/** Uploads that go wrong: broken off, truncated, on a full disk; and what is swept afterwards. */
import { sweepAllFiles } from "@/jobs/sweep_files.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { storedFiles } from "@/tests/helpers/files.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

const scene = await openScene();
const { desk, requester, agent } = scene;
Deno.test.afterAll(async () => await scene[Symbol.asyncDispose]());
const blobs = `${desk.config.DATA_DIR}/blobs`;

async function rows(): Promise<number> {
  const [row] = await desk.look<{ n: number }>("select count(*)::int as n from attachments");
  return row!.n;
}

/** A multipart body of one text file of `size` bytes, whole. */
function bodyOf(size: number, boundary = "x"): Uint8Array<ArrayBuffer> {
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n` +
    `content-type: text/plain\r\n\r\n`;
  return new TextEncoder().encode(`${head}${"a".repeat(size)}\r\n--${boundary}--\r\n`);
}

async function post(body: BodyInit, type = "multipart/form-data; boundary=x"): Promise<Response> {
  return await desk.fetch(
    new Request(`${desk.config.PUBLIC_URL}/v1/attachments`, {
      method: "POST",
      headers: { authorization: `Bearer ${requester.token}`, "content-type": type },
      body,
    }),
  );
}

Deno.test("A body that is cut anywhere is 400 or refused, and leaves neither file nor row", async () => {
  const whole = bodyOf(300_000);
  assertEquals((await post(whole)).status, 201);
  const [files, count] = [await storedFiles(desk), await rows()];
  for (const cut of [0, 1, 10, 60, 100, 120, 1000, 200_000, whole.length - 40, whole.length - 6]) {
    const response = await post(whole.slice(0, cut));
    const problem = await response.json();
    assert(response.status === 400 || response.status === 422, `${cut}: ${response.status}`);
    assertEquals(problem.status, response.status);
  }
  assertEquals(await storedFiles(desk), files);
  assertEquals(await rows(), count);
});

Deno.test("Nonsense instead of a multipart body is refused, and leaves nothing", async () => {
  const [files, count] = [await storedFiles(desk), await rows()];
  const text = (body: string) => new TextEncoder().encode(body);
  const bodies: [string, Uint8Array<ArrayBuffer>][] = [
    ["multipart/form-data; boundary=x", text("nothing of the kind")],
    ["multipart/form-data; boundary=x", text("--x\r\n\r\n")],
    ["multipart/form-data; boundary=x", text("--x--")],
    ["multipart/form-data; boundary=x", text(`--x\r\n${"h: v\r\n".repeat(50)}\r\na\r\n--x--\r\n`)],
    ["multipart/form-data; boundary=x", text(`--x\r\n${"h".repeat(100_000)}\r\n\r\na\r\n--x--\r\n`)],
    ["multipart/form-data; boundary=y", bodyOf(10)],
    ["multipart/form-data", bodyOf(10)],
    [`multipart/form-data; boundary=${"y".repeat(300)}`, bodyOf(10)],
  ];
  for (const [type, body] of bodies) {
    const response = await post(body, type);
    await response.text();
    assert(response.status >= 400 && response.status < 500, `${type}: ${response.status}`);
  }
  assertEquals(await storedFiles(desk), files);
  assertEquals(await rows(), count);
});

Deno.test("A body that fails half way leaves nothing", async () => {
  const [files, count] = [await storedFiles(desk), await rows()];
  const whole = bodyOf(2_000_000);
  let at = 0;
  const broken = new ReadableStream({
    pull(controller) {
      if (at > 1_000_000) return controller.error(new Error("connection reset"));
      controller.enqueue(whole.slice(at, at += 100_000));
    },
  });
  assertEquals((await post(broken)).status, 400);
  assertEquals(await storedFiles(desk), files);
  assertEquals(await rows(), count);
});

Deno.test("No connection of the pool is held while bytes come", async () => {
  const whole = bodyOf(200_000);
  const gates: (() => void)[] = [];
  const stalled = Array.from({ length: 33 }, () => {
    let at = 0;
    return new ReadableStream({
      async pull(controller) {
        if (at === 100_000) await new Promise<void>((go) => gates.push(go));
        if (at >= whole.length) return controller.close();
        controller.enqueue(whole.slice(at, at += 50_000));
      },
    }, { highWaterMark: 0 });
  });
  const answers = stalled.map((body) => post(body));
  while (gates.length < 32) await new Promise((done) => setTimeout(done, 10));
  // The pool has twelve; 32 uploads are under way, and that is all that one person may have.
  const reads = await Promise.all(Array.from({ length: 20 }, () => agent.get("/tickets")));
  assertEquals(reads.map(({ status }) => status), Array(20).fill(200));
  for (const go of gates) go();
  const statuses = (await Promise.all(answers)).map(({ status }) => status).sort();
  assertEquals(statuses, [...Array(32).fill(201), 429]);
  assertEquals((await post(whole)).status, 201);
});

Deno.test({
  name: "REL-19 a full disk is 507 with the text kept, and leaves neither file nor row",
  ignore: !await mayMount(),
  fn: async () => {
    const [files, count] = [await storedFiles(desk), await rows()];
    const aside = `${blobs}-aside`;
    await Deno.rename(blobs, aside);
    await Deno.mkdir(blobs);
    assert(await mount(blobs));
    try {
      const ticket = await raise(requester);
      const large = { name: "large.txt", content: new Uint8Array(3 * 1024 * 1024).fill(0x61) };
      const small = { name: "small.txt", content: "fits" };
      for (const path of ["/attachments", `/tickets/${ticket.id}/attachments`]) {
        assertProblem(await requester.upload(path, [small, large]), 507, "insufficient_storage");
      }
      assertEquals(await storedFiles(desk), []);
      assertEquals(await rows(), count);
      assertEquals((await requester.upload("/attachments", [small])).status, 201);
    } finally {
      await run("umount", blobs);
      await Deno.remove(blobs, { recursive: true });
      await Deno.rename(aside, blobs);
    }
    assertEquals(await storedFiles(desk), files);
  },
});

async function mount(folder: string): Promise<boolean> {
  return await run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder);
}

/** Whether this machine lets us have a small file system. */
async function mayMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const folder = await Deno.makeTempDir();
  const may = await mount(folder) && await run("umount", folder);
  await Deno.remove(folder);
  return may;
}

async function run(command: string, ...args: string[]): Promise<boolean> {
  return (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
}

Deno.test("The sweep removes what nobody can reach, and nothing else, however often it runs", async () => {
  await desk.look("delete from attachments where ticket_id is null");
  for (const path of await storedFiles(desk)) await Deno.remove(`${blobs}/${path}`);
  await desk.look("delete from attachments");
  const ticket = await raise(requester);
  const file = { name: "a.txt", content: "text" };
  const kept = (await requester.upload(`/tickets/${ticket.id}/attachments`, [file])).body.items[0];
  const unbound = (await requester.upload("/attachments", [file])).body.items[0];
  const old = (await requester.upload("/attachments", [file])).body.items[0];
  const [{ bytes: before }] = await desk.look<{ bytes: string }>(
    "select bytes from attachment_usage where tenant_id = $1",
    [requester.tenant.id],
  ) as [{ bytes: string }];
  const folder = `${blobs}/${requester.tenant.id}`;
  const elsewhere = `${blobs}/${crypto.randomUUID()}`;
  const fresh = `${folder}/${crypto.randomUUID()}`;
  const orphan = `${folder}/${crypto.randomUUID()}`;
  const draft = `${folder}/${crypto.randomUUID()}.part`;
  const foreign = `${folder}/README`;
  const other = `${elsewhere}/${crypto.randomUUID()}`;
  await Deno.mkdir(elsewhere);
  for (const path of [fresh, orphan, draft, foreign, other]) await Deno.writeTextFile(path, "x");
  const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
  for await (const { name } of Deno.readDir(folder)) {
    if (!fresh.endsWith(name)) await Deno.utime(`${folder}/${name}`, hoursAgo, hoursAgo);
  }
  await Deno.utime(other, hoursAgo, hoursAgo);
  await desk.look("update attachments set created_at = now() - interval '61 minutes' where id = $1", [
    old.id,
  ]);
  const swept = await sweepAllFiles(desk.request(), NEVER);
  // The unused upload's own file is an orphan from then on.
  assertEquals(swept, { unused: 1, orphans: 3 });
  assertEquals(await sweepAllFiles(desk.request(), NEVER), { unused: 0, orphans: 0 });
  const there = (await desk.look<{ id: string }>("select id from attachments order by created_at, id")).map((
    { id },
  ) => id);
  assertEquals(there, [kept.id, unbound.id]);
  assertEquals((await storedFiles(desk, requester.tenant.id)).length, 4);
  // An organisation that this database doesn't know may be another installation's.
  assertEquals(await Deno.readTextFile(other), "x");
  const [{ bytes: after }] = await desk.look<{ bytes: string }>(
    "select bytes from attachment_usage where tenant_id = $1",
    [requester.tenant.id],
  ) as [{ bytes: string }];
  assertEquals(Number(before) - Number(after), 4);
  assertEquals((await requester.get(`/attachments/${kept.id}/content`)).text, "text");
  await Deno.remove(elsewhere, { recursive: true });
});
