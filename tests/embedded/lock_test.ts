import assert from "node:assert/strict";
import { join } from "node:path";
import { lockDataDir } from "@/db/embedded/mod.ts";
import { App, seeded, serversOf, start, temporary } from "./support.ts";

Deno.test("a second process waits for the data directory, then names the one that holds it", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  await using app = new App({ dataDir });
  const { pid } = await app.ready();
  const began = performance.now();
  await assert.rejects(start(dataDir, { waitMs: 300 }), {
    name: "EmbeddedError",
    message: `Cannot use data directory "${dataDir}": process ${app.pid} is using it`,
  });
  const waited = performance.now() - began;
  assert.ok(waited >= 300, `waited ${waited} ms`);
  assert.equal(await serversOf(dataDir), 1);
  assert.notEqual(pid, app.pid);
});

Deno.test("a second start goes on as soon as the first has stopped", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const app = new App({ dataDir });
  const { pid } = await app.ready();
  const [server] = await Promise.all([start(dataDir), app[Symbol.asyncDispose]()]);
  await using second = server;
  assert.equal(second.adopted, false);
  assert.notEqual(second.pid, pid);
});

Deno.test("the lock is shared within a process and goes with its last holder", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const [one, two] = await Promise.all([lockDataDir(dataDir), lockDataDir(dataDir)]);
  const refused = async () => {
    await using app = new App({ dataDir, waitMs: 50 });
    return (await app.next()).error;
  };
  assert.equal(one.dataDir, dataDir);
  one.release();
  one.release();
  assert.match(await refused(), new RegExp(`process ${Deno.pid} is using it`));
  two.release();
  await using app = new App({ dataDir });
  await app.ready();
});

Deno.test("a process that is killed leaves no lock, though its server lives", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const app = new App({ dataDir });
  await app.ready();
  await app.kill("SIGKILL");
  assert.equal(await serversOf(dataDir), 1);
  const lock = await lockDataDir(dataDir, { waitMs: 0 });
  await using server = await start(dataDir);
  lock.release();
  assert.equal(server.adopted, true);
  assert.equal((await Deno.readTextFile(join(dataDir, "servicehub.lock"))).trim(), String(Deno.pid));
});
