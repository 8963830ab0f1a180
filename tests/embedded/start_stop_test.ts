import assert from "node:assert/strict";
import { join } from "node:path";
import { copyRuntime, isRoot, query, QUICK, run, seeded, serversOf, start, temporary } from "./support.ts";

Deno.test("the first start makes a cluster, later ones find the data", async () => {
  await using temp = await temporary();
  const dataDir = join(temp.path, "data");
  const first = await start(dataDir, { settings: {} });
  await query(first, "create table kept (word text)");
  await query(first, "insert into kept values ('still here')");
  await first.stop();
  assert.equal(await serversOf(dataDir), 0);
  await using second = await start(dataDir, { settings: {} });
  assert.deepEqual(await query(second, "select word from kept"), [{ word: "still here" }]);
  assert.notEqual(first.pid, second.pid);
  assert.equal(second.adopted, false);
});

Deno.test("the cluster is UTF-8 with the builtin C.UTF-8 locale, checksums, and no TCP port", async () => {
  await using temp = await temporary();
  await using server = await start(join(temp.path, "data"), { settings: {} });
  const [row] = await query(
    server,
    `select current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding,
       (select datlocprovider::text || ':' || datlocale from pg_database where datname = 'template1') as locale,
       current_setting('data_checksums') as checksums, current_setting('timezone') as zone,
       current_setting('jit') as jit, current_setting('fsync') as fsync, current_setting('password_encryption') as hash`,
  );
  assert.deepEqual(row, {
    addresses: "",
    encoding: "UTF8",
    locale: "b:C.UTF-8",
    checksums: "on",
    zone: "UTC",
    jit: "off",
    fsync: "on",
    hash: "scram-sha-256",
  });
  assert.match(server.version, /^18\./);
});

Deno.test("settings are taken over, and what keeps the server private can't be set", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  await assert.rejects(start(dataDir, { settings: { listen_addresses: "*" } }), {
    name: "EmbeddedError",
    message: 'Cannot start PostgreSQL: setting "listen_addresses" can\'t be changed',
  });
  await using server = await start(dataDir, { settings: { ...QUICK, max_connections: "200" } });
  assert.deepEqual(await query(server, "show max_connections"), [{ max_connections: "200" }]);
});

Deno.test("extensions that the schema needs are there", async () => {
  await using temp = await temporary();
  await using server = await start(await seeded(temp.path));
  await query(server, "create extension pg_trgm");
  assert.deepEqual(await query(server, "select similarity('ticket', 'ticket') as same"), [{ same: 1 }]);
});

Deno.test("the server has a session of its own and its files are private", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  await using server = await start(dataDir);
  const session = (await run("ps", ["-o", "sid=", "-p", String(server.pid)])).trim();
  assert.equal(session, String(server.pid));
  const user = (await run("ps", ["-o", "uid=", "-p", String(server.pid)])).trim();
  assert.equal(user === "0", false);
  for (const name of ["postgres", "run"]) {
    const info = await Deno.stat(join(dataDir, name));
    assert.equal((info.mode ?? 0) & 0o777, 0o700, name);
    assert.equal(String(info.uid), user, name);
  }
  assert.equal(((await Deno.stat(join(dataDir, "postgres.log"))).mode ?? 0) & 0o077, 0);
});

Deno.test("a second start in the same process is refused, and stopping twice is one stop", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  const server = await start(dataDir);
  await assert.rejects(start(dataDir), { name: "EmbeddedError", message: /this process already runs it/ });
  await query(server, "select 1");
  await Promise.all([server.stop(), server.stop()]);
  await server.ended;
  await using next = await start(dataDir);
  assert.deepEqual(await query(next, "select 1 as one"), [{ one: 1 }]);
});

Deno.test("an end that nobody asked for is told", async () => {
  await using temp = await temporary();
  await using server = await start(await seeded(temp.path));
  await run("kill", ["-QUIT", String(server.pid)]);
  const waiting = setInterval(() => {}, 1_000);
  await server.ended;
  clearInterval(waiting);
  assert.ok(server.lines.some((line) => line.level === "error" && line.message === "The database ended"));
});

Deno.test("only our roles can be used, even by the right user", async () => {
  await using temp = await temporary();
  await using server = await start(await seeded(temp.path));
  await query(server, "create role servicehub_app login; create role stranger login superuser");
  assert.deepEqual(await query(server, "select current_user::text as me", { user: "servicehub_app" }), [{
    me: "servicehub_app",
  }]);
  await assert.rejects(query(server, "select 1", { user: "stranger" }), /Peer authentication failed/);
});

Deno.test({
  name: "another user of the machine gets in neither by the folder nor by the socket",
  ignore: !isRoot,
  async fn() {
    await using temp = await temporary();
    await using server = await start(await seeded(temp.path));
    const script = join(temp.path, "knock.ts");
    await Deno.writeTextFile(
      script,
      `try {
         const c = await Deno.connect({ transport: "unix", path: Deno.args[0] });
         await c.write(new Uint8Array([0, 0, 0, 23, 0, 3, 0, 0, ...new TextEncoder().encode("user\\0postgres\\0\\0")]));
         const answer = new Uint8Array(400);
         const n = await c.read(answer);
         console.log(new TextDecoder().decode(answer.subarray(0, n ?? 0)));
       } catch (e) { console.log(e.message); }`,
    );
    const runtime = await copyRuntime(join(temp.path, "bin"));
    const knock = async () => {
      const { stdout } = await new Deno.Command(runtime, {
        args: [
          "run",
          "-q",
          "--no-lock",
          "--allow-read",
          "--allow-write",
          "--allow-net",
          script,
          `${server.socketDir}/.s.PGSQL.5432`,
        ],
        cwd: "/",
        env: { DENO_DIR: join(temp.path, "deno") },
        uid: 65534,
        gid: 65534,
      }).output();
      return new TextDecoder().decode(stdout);
    };
    await Deno.mkdir(join(temp.path, "deno"));
    await Deno.chmod(join(temp.path, "deno"), 0o777);
    assert.match(await knock(), /Permission denied/);
    await Deno.chmod(server.socketDir, 0o755);
    assert.match(await knock(), /Permission denied/);
    await Deno.chmod(`${server.socketDir}/.s.PGSQL.5432`, 0o777);
    assert.match(await knock(), /Peer authentication failed for user "postgres"/);
  },
});
