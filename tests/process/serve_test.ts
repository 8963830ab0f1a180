import assert from "node:assert/strict";
import { serversOf } from "@/tests/embedded/support.ts";
import { freePort, startServer } from "@/tests/helpers/server.ts";
import { failingStart, post, program, register, statusOf, taskStart, titles, until } from "./support.ts";

const top = await Deno.makeTempDir({ prefix: "servicehub-process-" });
await Deno.chmod(top, 0o755);
Deno.test.afterAll(() => Deno.remove(top, { recursive: true }));

/** What the desks of this file run on, one after the other. */
const dataDir = `${top}/data`;
/** One whose socket doesn't fit beside its data: it is at another address after each start. */
const longDir = `${top}/${"long".repeat(20)}`;

/** Several organisations are registered over the life of a directory. */
const start = (dir = dataDir) =>
  startServer({ dataDir: dir, env: { SIGNUP: "open", RATE_LIMIT_SCALE: "1000" } });

async function serverPid(dir = dataDir): Promise<number> {
  return Number((await Deno.readTextFile(`${dir}/postgres/postmaster.pid`)).split("\n")[0]);
}

Deno.test("The process answers, keeps its data directory to itself, and leaves nothing behind", async () => {
  await using server = await start();
  const second = failingStart({ DATA_DIR: dataDir });
  const rebuild = program(["task", "rebuild-reports"], { DATA_DIR: dataDir });
  const began = Date.now();
  assert.equal(await statusOf(`${server.url}/healthz`), 200);
  assert.equal(await statusOf(`${server.url}/readyz`), 200);
  assert.equal((await Deno.readTextFile(`${dataDir}/servicehub.pid`)).trim(), String(server.pid));

  const other = await Deno.makeTempDir({ prefix: "servicehub-other-" });
  await Deno.chmod(other, 0o755);
  const port = new URL(server.url).port;
  const taken = await failingStart({ DATA_DIR: other, PORT: port });
  assert.equal(taken.code, 1);
  assert.deepEqual(taken.stderr.filter((line) => !line.startsWith("{")), [
    `Cannot listen on 127.0.0.1:${port}: Address already in use`,
  ]);
  assert.equal(await serversOf(other), 0);
  await Deno.remove(other, { recursive: true });

  const refused = await second;
  assert.equal(refused.code, 1);
  assert.deepEqual(refused.stderr, [
    `Cannot use data directory "${dataDir}": process ${server.pid} is using it`,
  ]);
  assert.ok(Date.now() - began >= 9_500, "it didn't wait");
  const { code, stdout } = await rebuild;
  assert.deepEqual([code, stdout], [1, [
    `Cannot use data directory "${dataDir}": process ${server.pid} is using it`,
    "Stop ServiceHub first: deno task stop",
  ]]);
  assert.equal(await statusOf(`${server.url}/readyz`), 200);
  server.kill("SIGTERM");
  assert.equal(await server.ended, 0);
  assert.equal(await serversOf(dataDir), 0);
  assert.equal(await Deno.stat(`${dataDir}/servicehub.pid`).catch(() => null), null);
});

Deno.test("Wrong settings are one line and exit code 1", async () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ PORT: "eight", LOG_LEVEL: "loud" }, /^Cannot start: wrong setting: PORT: .+; LOG_LEVEL: /],
    [{ PUBLIC_URL: "desk.example" }, /wrong setting: PUBLIC_URL: must be an http or https address$/],
    [{ PUBLIC_URL: "ftp://desk.example" }, /wrong setting: PUBLIC_URL: must be an http or https address$/],
    [{ SECRET_KEY: "short" }, /wrong setting: SECRET_KEY: must have at least 32 characters$/],
    [{ DATABASE_URL: "mysql://x" }, /wrong setting: DATABASE_URL: must start with postgres:\/\/$/],
    [{ DATABASE_URL: "postgres://u:s3cret#1@h:x/d" }, /wrong setting: DATABASE_URL: must be an address/],
    [
      { DATABASE_URL: `postgres://u:s3cret@127.0.0.1:${freePort()}/d`, DATA_DIR: dataDir },
      /DATABASE_URL names: .*ECONNREFUSED/,
    ],
  ];
  const ended = await Promise.all(wrong.slice(0, 3).map(([env]) => failingStart(env)));
  ended.push(...await Promise.all(wrong.slice(3).map(([env]) => failingStart(env))));
  for (const [index, { code, stderr }] of ended.entries()) {
    const [env, expected] = wrong[index]!;
    assert.deepEqual([code, stderr.length], [1, 1], `${JSON.stringify(env)}: ${stderr.join("\n")}`);
    assert.match(stderr[0]!, expected);
    assert.ok(!stderr[0]!.includes("s3cret"));
  }
});

Deno.test("REL-09 a killed database comes back by itself: 503 meanwhile, nothing acknowledged is lost", async () => {
  await using server = await start();
  const token = await register(server.url);
  const acknowledged: string[] = [];
  const seen = new Set<number>();
  let over = false;
  let retryAfter: string | null = null;
  const writer = async (name: string) => {
    for (let i = 0; !over; i++) {
      const title = `${name} ${i}`;
      const response = await post(`${server.url}/v1/tickets`, { title, description: "" }, token);
      await response.body?.cancel();
      seen.add(response.status);
      if (response.status === 201) acknowledged.push(title);
      if (response.status === 503) {
        retryAfter ??= response.headers.get("retry-after");
        await new Promise((done) => setTimeout(done, 50));
      }
    }
  };
  const writers = ["a", "b", "c"].map(writer);
  await until(() => acknowledged.length > 10, 10_000);
  const killed = await serverPid();
  Deno.kill(killed, "SIGKILL");
  const began = performance.now();
  await until(async () => (await statusOf(`${server.url}/readyz`)) === 503, 5_000);
  await until(async () => (await statusOf(`${server.url}/readyz`)) === 200, 10_000);
  const back = performance.now() - began;
  const before = acknowledged.length;
  await until(() => acknowledged.length > before + 5, 5_000);
  over = true;
  await Promise.all(writers);
  assert.ok(back < 10_000, `${back} ms`);
  assert.deepEqual([...seen].sort(), [201, 503]);
  assert.equal(retryAfter, "2");
  assert.notEqual(await serverPid(), killed);
  assert.equal(await serversOf(dataDir), 1);
  const rows = await all(server.url, token);
  assert.deepEqual(acknowledged.filter((title) => !rows.has(title)), []);
});

/** Every title, page by page. */
async function all(url: string, token: string): Promise<Set<string>> {
  const found = new Set<string>();
  let cursor = "";
  do {
    const response = await fetch(`${url}/v1/tickets?limit=100${cursor}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { items, nextCursor } = await response.json();
    for (const { title } of items) found.add(title);
    cursor = nextCursor && `&cursor=${encodeURIComponent(nextCursor)}`;
  } while (cursor);
  return found;
}

Deno.test("A process that is killed loses nothing it acknowledged, and the next takes its database over", async () => {
  let token: string;
  {
    await using server = await start(longDir);
    token = await register(server.url);
    const response = await post(`${server.url}/v1/tickets`, { title: "Kept", description: "" }, token);
    assert.equal(response.status, 201);
    await response.body?.cancel();
    server.kill("SIGKILL");
    await server.ended;
  }
  const left = await serverPid(longDir);
  assert.equal(await serversOf(longDir), 1);
  await using server = await start(longDir);
  const { url } = server;
  assert.deepEqual(await titles(url, token), ["Kept"]);
  assert.equal(await serversOf(longDir), 1);
  assert.equal(await serverPid(longDir), left);
  // The one that was taken over is watched as well.
  Deno.kill(left, "SIGKILL");
  await until(async () => await serverPid(longDir).catch(() => left) !== left, 10_000);
  await until(async () => (await statusOf(`${url}/readyz`)) === 200, 10_000);
  assert.deepEqual(await titles(url, token), ["Kept"]);
});

Deno.test("REL-11 SIGTERM under load: who was let in is answered, and the process is gone within 15 s", async () => {
  await using server = await start();
  const token = await register(server.url);
  const answered = new Map<string, number>();
  const failed: number[] = [];
  let signalled = Infinity;
  const lane = async (lane: number) => {
    for (let i = 0;; i++) {
      const id = `lane-${lane}-${i}-${lane}`;
      const began = performance.now();
      try {
        const response = await fetch(`${server.url}/v1/tickets`, {
          headers: {
            authorization: `Bearer ${token}`,
            "x-request-id": id,
            "content-type": "application/json",
          },
          ...(lane % 2 ? { method: "POST", body: '{"title":"x","description":""}' } : {}),
        });
        await response.text();
        answered.set(id, response.status);
      } catch {
        failed.push(began);
        return;
      }
    }
  };
  const lanes = Array.from({ length: 8 }, (_, index) => lane(index));
  // Its body takes a second: it is in when the signal comes, and ends after.
  const parts = ['{"title":"Slow', ' one","desc', 'ription":""}'];
  const slow = fetch(`${server.url}/v1/tickets`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: new ReadableStream({
      async pull(controller) {
        await new Promise((done) => setTimeout(done, 350));
        const part = parts.shift();
        if (part === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(part));
      },
    }),
  });
  await new Promise((done) => setTimeout(done, 500));
  signalled = performance.now();
  server.kill("SIGTERM");
  const response = await slow;
  assert.equal(response.status, 201);
  await response.body?.cancel();
  assert.equal(await server.ended, 0);
  const took = performance.now() - signalled;
  await Promise.all(lanes);
  assert.ok(took < 15_000, `${took} ms`);
  assert.deepEqual(failed.filter((began) => began < signalled - 20), []);
  const logged = server.output().split("\n").filter((line) => line.includes('"lane-'))
    .map((line) => JSON.parse(line) as { requestId: string; status: number })
    .filter(({ requestId }) => /^lane-/.test(requestId));
  assert.ok(logged.length > lanes.length, `${logged.length} requests`);
  assert.deepEqual(logged.filter(({ requestId, status }) => answered.get(requestId) !== status), []);
  assert.deepEqual([...new Set(answered.values())].sort(), [200, 201]);
  assert.equal(await serversOf(dataDir), 0);
});

Deno.test("`deno task stop` ends what `deno task start` began, database and all", async () => {
  const { url, child } = await taskStart({ DATA_DIR: dataDir });
  const stopped = await program(["task", "stop"], { DATA_DIR: dataDir });
  assert.deepEqual([stopped.code, stopped.stdout], [0, ["ServiceHub has stopped"]]);
  assert.equal((await child.status).code, 0);
  assert.equal(await statusOf(`${url}/healthz`), 0);
  assert.equal(await serversOf(dataDir), 0);
  // A stale file may name any process by now, this one for one.
  await Deno.writeTextFile(`${dataDir}/servicehub.pid`, `${Deno.pid}\n`);
  const again = await program(["task", "stop"], { DATA_DIR: dataDir });
  assert.deepEqual([again.code, again.stdout], [0, ["ServiceHub is not running"]]);
  const rebuilt = await program(["task", "rebuild-reports"], { DATA_DIR: dataDir });
  assert.equal(rebuilt.code, 0);
  assert.match(
    rebuilt.stdout.at(-1)!,
    /^Reports are rebuilt: of [1-9][\d,]* tickets [\d,]+ were counted otherwise$/,
  );
  assert.equal(await serversOf(dataDir), 0);
});
