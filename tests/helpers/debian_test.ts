import assert from "node:assert/strict";
import { findProgram } from "./debian.ts";
import { startRedis } from "./redis.ts";

Deno.test("a program of another name is said to be missing in one line", async () => {
  const cache = await Deno.makeTempDir();
  try {
    const wanted = findProgram("no-such-program", { package: "No_Such", version: ["--version"], cache });
    await assert.rejects(
      wanted,
      /^Error: Cannot find no-such-program for the tests: it is not on PATH.*No_Such.*$/,
    );
    assert.deepEqual([...Deno.readDirSync(cache)].map(({ name }) => name).includes("No_Such"), false);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("Redis starts, can be paused and killed, and comes back empty", async () => {
  await using redis = await startRedis();
  assert.match(await redis.ask("INFO", "server"), /redis_version:[78]/);
  await redis.ask("SET", "a", "1");
  redis.pause();
  let answered = false;
  const asked = redis.ask("GET", "a").then((text) => (answered = true, text));
  await new Promise((done) => setTimeout(done, 150));
  assert.equal(answered, false);
  redis.resume();
  assert.equal(await asked, "$1\r\n1\r\n");
  await redis.kill();
  await assert.rejects(redis.ask("PING"), Deno.errors.ConnectionRefused);
  await redis.restart();
  assert.equal(await redis.ask("GET", "a"), "$-1\r\n");
});
