import assert from "node:assert/strict";
import { join } from "node:path";
import { App, connect, query, QUICK, run, seeded, serversOf, start, temporary } from "./support.ts";

const stagingOf = async (home: string) =>
  (await Array.fromAsync(Deno.readDir(home))).filter((entry) => entry.name.startsWith("postgres.new-"));

Deno.test("kill -9 of the app: the server left behind is adopted, with its data and sessions' work", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const app = new App({ dataDir });
  const left = await app.ready();
  await query(left, "create table kept as select 7 as n");
  await app.kill("SIGKILL");
  assert.equal(await serversOf(dataDir), 1);
  await using server = await start(dataDir);
  assert.equal(server.adopted, true);
  assert.equal(server.pid, left.pid);
  assert.equal(await serversOf(dataDir), 1);
  assert.deepEqual(await query(server, "select n from kept"), [{ n: 7 }]);
  await server.stop();
  assert.equal(await serversOf(dataDir), 0);
});

Deno.test("a server left behind with other settings is ended and replaced", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const app = new App({ dataDir, settings: { ...QUICK, max_connections: "30" } });
  const left = await app.ready();
  await app.kill("SIGKILL");
  await using server = await start(dataDir);
  assert.equal(server.adopted, false);
  assert.notEqual(server.pid, left.pid);
  assert.equal(await serversOf(dataDir), 1);
  assert.deepEqual(await query(server, "show max_connections"), [{ max_connections: "60" }]);
});

Deno.test("a server left behind that answers no more is ended and replaced", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const app = new App({ dataDir });
  const left = await app.ready();
  await app.kill("SIGKILL");
  await run("kill", ["-STOP", String(left.pid)]);
  await using server = await start(dataDir);
  assert.equal(server.adopted, false);
  assert.equal(await serversOf(dataDir), 1);
  assert.deepEqual(await query(server, "select 1 as one"), [{ one: 1 }]);
});

Deno.test("stale pid files whose id now belongs to another process are removed, and that process lives on", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const app = new App({ dataDir });
  const left = await app.ready();
  await app.kill("SIGKILL");
  await run("kill", ["-KILL", String(left.pid)]);
  const pidFile = join(dataDir, "postgres/postmaster.pid");
  const { uid, gid } = await Deno.stat(pidFile);
  const stranger = new Deno.Command("sleep", { args: ["60"], uid: uid!, gid: gid! }).spawn();
  try {
    for (const path of [pidFile, join(dataDir, "run/.s.PGSQL.5432.lock")]) {
      const text = await Deno.readTextFile(path);
      assert.equal(text.split("\n")[0], String(left.pid));
      await Deno.writeTextFile(path, text.replace(/^\d+/, String(stranger.pid)));
    }
    await using server = await start(dataDir);
    assert.equal(server.adopted, false);
    assert.equal(await serversOf(dataDir), 1);
    assert.deepEqual(await query(server, "select 1 as one"), [{ one: 1 }]);
    assert.ok(server.lines.some((line) => line.message === "Removed a stale postmaster.pid"));
    await run("kill", ["-0", String(stranger.pid)]);
  } finally {
    stranger.kill("SIGKILL");
    await stranger.status;
  }
});

Deno.test("pid files of a dead process and torn ones don't stop a start", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const pidFile = join(dataDir, "postgres/postmaster.pid");
  const first = await start(dataDir);
  const text = await Deno.readTextFile(pidFile);
  await first.stop();
  for (const left of [text, "", "12"]) {
    await Deno.writeTextFile(pidFile, left);
    await using server = await start(dataDir);
    assert.deepEqual(await query(server, "select 1 as one"), [{ one: 1 }]);
  }
});

Deno.test("kill -9 of app and server while a session computes: the start waits for that session", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const settings = { fsync: "off" };
  const app = new App({ dataDir, settings });
  const left = await app.ready();
  await query(left, "create table kept as select 7 as n");
  const client = await connect(left);
  client.on("error", () => {});
  const busy = client.query("select count(*) from generate_series(1, 12000000)").catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 100));
  await app.kill("SIGKILL");
  await run("kill", ["-KILL", String(left.pid)]);
  await using server = await start(dataDir, { settings });
  assert.equal(server.adopted, false);
  assert.equal(await serversOf(dataDir), 1);
  assert.deepEqual(await query(server, "select n from kept"), [{ n: 7 }]);
  const log = await Deno.readTextFile(join(dataDir, "postgres.log"));
  assert.match(log, /pre-existing shared memory block/);
  await busy;
  await client.end().catch(() => {});
});

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  Deno.test(`${signal} in the middle of initdb: the next start succeeds and leaves no litter`, async () => {
    await using temp = await temporary();
    const dataDir = join(temp.path, "data");
    const app = new App({ dataDir });
    for (let tries = 0; tries < 1_000; tries++) {
      const found = await stagingOf(dataDir).catch(() => []);
      const begun = found[0] &&
        await Deno.stat(join(dataDir, found[0].name, "PG_VERSION")).catch(() => undefined);
      if (begun) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal((await stagingOf(dataDir)).length, 1);
    await app.kill(signal);
    await using server = await start(dataDir);
    assert.deepEqual(await query(server, "select 1 as one"), [{ one: 1 }]);
    assert.deepEqual(await stagingOf(dataDir), []);
  });
}

Deno.test("Ctrl-C reaches the app and not the server, which serves until the app has stopped it", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  await using app = new App({ dataDir }, { detached: true });
  await app.ready();
  Deno.kill(-app.pid, "SIGINT");
  const { last } = await app.next();
  assert.equal(last.ready, true);
  while (await serversOf(dataDir) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await using server = await start(dataDir);
  assert.equal(server.adopted, false);
});
