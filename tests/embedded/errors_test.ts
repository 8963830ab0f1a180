import assert from "node:assert/strict";
import { join } from "node:path";
import { platformName } from "@/db/embedded/binaries.ts";
import { App, copyProject, isRoot, ORDINARY, run, seeded, start, temporary } from "./support.ts";

/** Expects a start to be refused with one line. */
async function refused(dataDir: string, message: RegExp): Promise<void> {
  await assert.rejects(start(dataDir), (error: Error) => {
    assert.equal(error.name, "EmbeddedError");
    assert.match(error.message, message);
    assert.equal(error.message.includes("\n"), false);
    return true;
  });
}

Deno.test("data of another major version is refused and untouched", async () => {
  await using temp = await temporary();
  const cluster = join(temp.path, "data/postgres");
  await Deno.mkdir(cluster, { recursive: true });
  await Deno.writeTextFile(join(cluster, "PG_VERSION"), "16\n");
  if (isRoot) await Deno.chown(join(cluster, "PG_VERSION"), ORDINARY.uid, ORDINARY.gid);
  await refused(
    join(temp.path, "data"),
    /^Cannot use the database in ".*\/data\/postgres": it was made by PostgreSQL 16 and this release brings 18; restore/,
  );
  assert.equal((await Array.fromAsync(Deno.readDir(cluster))).length, 1);
});

Deno.test("a folder with other things where the cluster belongs is refused and untouched", async () => {
  await using temp = await temporary();
  const cluster = join(temp.path, "data/postgres");
  await Deno.mkdir(cluster, { recursive: true });
  await Deno.writeTextFile(join(cluster, "diary.txt"), "mine");
  await refused(join(temp.path, "data"), /^Cannot create the database in ".*\/data": .*not empty/i);
  assert.equal(await Deno.readTextFile(join(cluster, "diary.txt")), "mine");
});

Deno.test("a data directory that is a file is refused", async () => {
  await using temp = await temporary();
  await Deno.writeTextFile(join(temp.path, "data"), "");
  await refused(join(temp.path, "data"), /^Cannot use ".*\/data": it is a file and not a folder$/);
});

Deno.test("systems without binaries are told to set DATABASE_URL", async () => {
  await using temp = await temporary();
  assert.match(await platformName(), /^(linux|darwin)-(x64|arm64)$/);
  await assert.rejects(platformName({ os: "freebsd", arch: "x86_64" }), {
    name: "EmbeddedError",
    message:
      "Cannot run PostgreSQL: no binaries for freebsd on x86_64; set DATABASE_URL to use another PostgreSQL server",
  });
  await assert.rejects(
    platformName({ os: "windows", arch: "x86_64" }),
    /no binaries for windows .*set DATABASE_URL/,
  );
  await Deno.mkdir(join(temp.path, "lib"));
  await Deno.writeTextFile(join(temp.path, "lib/ld-musl-x86_64.so.1"), "");
  await assert.rejects(
    platformName({ os: "linux", arch: "x86_64", root: temp.path }),
    /need glibc .*\(musl\); set DATABASE_URL/,
  );
});

Deno.test("a server that can't start says why, in one line, and where to read on", async () => {
  await using temp = await temporary();
  const dataDir = await seeded(temp.path);
  await assert.rejects(start(dataDir, { settings: { fsync: "off", shared_buffers: "many" } }), {
    name: "EmbeddedError",
    message:
      /^Cannot start PostgreSQL: invalid value for parameter "shared_buffers": "many"; see ".*\/postgres.log"$/,
  });
  await using server = await start(dataDir);
  assert.equal(server.adopted, false);
});

Deno.test({
  name: "no space: told while the cluster is made and while the server starts, and cured by space",
  ignore: !isRoot,
  async fn() {
    await using temp = await temporary();
    const disk = join(temp.path, "disk");
    const dataDir = join(disk, "data");
    await Deno.mkdir(disk);
    await run("mount", ["-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", disk]);
    try {
      await refused(dataDir, /^Cannot create the database in ".*\/data": no space left on the device$/);
      assert.deepEqual((await Array.fromAsync(Deno.readDir(dataDir))).map((entry) => entry.name), [
        "servicehub.lock",
      ]);
      await run("mount", ["-o", "remount,size=100m", disk]);
      await (await start(dataDir)).stop();
      await new Deno.Command("dd", { args: ["if=/dev/zero", `of=${disk}/filler`, "bs=64k"], stderr: "null" })
        .output();
      await refused(dataDir, /^Cannot .*: no space left on the device/);
      await Deno.remove(join(disk, "filler"));
      await (await start(dataDir)).stop();
    } finally {
      await run("umount", [disk]);
    }
  },
});

Deno.test({
  name: "no permission, a read-only disk, another user's data and a user without a name are told",
  ignore: !isRoot,
  async fn(test) {
    await using temp = await temporary();
    const root = await copyProject(temp.path);
    const answer = async (dataDir: string, as: { uid: number; gid: number }) => {
      await using app = new App({ dataDir }, { as, root });
      return (await app.next()).error as string;
    };
    await test.step("no permission to create", async () => {
      assert.match(
        await answer(join(temp.path, "data"), ORDINARY),
        /^Cannot create data directory ".*\/data": permission denied$/,
      );
    });
    await test.step("no permission to write", async () => {
      const dataDir = join(temp.path, "foreign");
      await Deno.mkdir(dataDir);
      await Deno.chmod(dataDir, 0o755);
      assert.match(
        await answer(dataDir, ORDINARY),
        /^Cannot write to data directory ".*\/foreign": permission denied$/,
      );
    });
    await test.step("another user's data", async () => {
      const dataDir = await seeded(temp.path, "theirs");
      await Deno.chown(dataDir, ORDINARY.uid, ORDINARY.gid);
      await Deno.chown(join(dataDir, "servicehub.lock"), ORDINARY.uid, ORDINARY.gid);
      assert.match(
        await answer(dataDir, { uid: 1, gid: 1 }),
        /^Cannot write to data directory .*: permission denied$/,
      );
      assert.match(
        await answer(dataDir, ORDINARY),
        /^Cannot read the database in ".*\/theirs\/postgres": permission denied$/,
      );
    });
    await test.step("a read-only disk", async () => {
      const disk = join(temp.path, "disk");
      await Deno.mkdir(disk);
      await run("mount", ["-t", "tmpfs", "-o", "ro,mode=777", "tmpfs", disk]);
      try {
        await refused(
          join(disk, "data"),
          /^Cannot create data directory ".*": the file system is read-only$/,
        );
      } finally {
        await run("umount", [disk]);
      }
    });
    await test.step("a user without a name", async () => {
      const own = join(temp.path, "own");
      await Deno.mkdir(own);
      await Deno.chown(own, 54321, 54321);
      assert.equal(
        await answer(join(own, "data"), { uid: 54321, gid: 54321 }),
        'Cannot run PostgreSQL: user id 54321 has no name in "/etc/passwd"; run as a named user or set DATABASE_URL to use another PostgreSQL server',
      );
    });
  },
});
