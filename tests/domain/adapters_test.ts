import assert from "node:assert/strict";
import { createBreachCheck } from "@/adapters/breaches.ts";
import { createPasswordHasher, isWeak } from "@/adapters/passwords.ts";
import { createRateLimiter } from "@/adapters/rate_limiter.ts";
import { createSecrets, readSecretKey } from "@/adapters/secrets.ts";
import { configureLog } from "@/log.ts";

Deno.test("the limiter counts in windows, tells exactly when more come, and forgets on demand", async () => {
  let now = 0;
  const limiter = createRateLimiter(() => now);
  const budget = { limit: 2, windowSeconds: 60 };
  assert.deepEqual(await limiter.take("a", budget), {
    allowed: true,
    limit: 2,
    remaining: 1,
    resetSeconds: 60,
  });
  now = 10_000;
  assert.equal((await limiter.take("a", budget)).allowed, true);
  now = 20_500;
  assert.deepEqual(await limiter.take("a", budget), {
    allowed: false,
    limit: 2,
    remaining: 0,
    resetSeconds: 40,
  });
  assert.equal((await limiter.take("b", budget)).allowed, true);
  now = 59_999;
  assert.equal((await limiter.take("a", budget)).allowed, false);
  now = 60_000;
  assert.equal((await limiter.take("a", budget)).remaining, 1);
  await limiter.take("a", budget);
  await limiter.clear("a");
  assert.equal((await limiter.take("a", budget)).remaining, 1);
});

Deno.test("the secret key is made once, whole and private, by however many start at once", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const config = { SECRET_KEY: undefined, DATA_DIR: `${dir}/new/data dir` };
    const keys = await Promise.all(Array.from({ length: 8 }, () => readSecretKey(config)));
    assert.equal(new Set(keys).size, 1);
    assert.equal(keys[0]!.length, 43);
    assert.equal(Deno.statSync(`${config.DATA_DIR}/secret_key`).mode! & 0o777, 0o600);
    assert.deepEqual([...Deno.readDirSync(config.DATA_DIR)].map((entry) => entry.name), ["secret_key"]);
    await Deno.chmod(`${config.DATA_DIR}/secret_key`, 0o644);
    assert.equal(await readSecretKey(config), keys[0]);
    assert.equal(Deno.statSync(`${config.DATA_DIR}/secret_key`).mode! & 0o777, 0o600);
    assert.equal(await readSecretKey({ ...config, SECRET_KEY: "given".repeat(8) }), "given".repeat(8));
    await Deno.writeTextFile(`${config.DATA_DIR}/secret_key`, "short");
    await assert.rejects(readSecretKey(config), /at least 32 characters/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("each purpose signs with a key of its own, and the fingerprint tells keys apart", () => {
  const [a, b] = [createSecrets("a".repeat(32)), createSecrets("b".repeat(32))];
  assert.equal(a.sign("reset", "x"), createSecrets("a".repeat(32)).sign("reset", "x"));
  const signed = (["access", "refresh", "reset", "invitation", "cursor", "device"] as const).map((p) =>
    a.sign(p, "x")
  );
  assert.equal(new Set([...signed, b.sign("reset", "x")]).size, 7);
  assert.match(a.fingerprint, /^[0-9a-f]{32}$/);
  assert.notEqual(a.fingerprint, b.fingerprint);
  assert.notEqual(a.derive("one"), a.derive("two"));
});

Deno.test("hashes are computed a few at a time, and a crowd is sent away (REL-21)", async () => {
  const hasher = createPasswordHasher(1);
  const phc = await hasher.hash("a quiet harbour at dawn");
  assert.equal(isWeak(phc), false);
  assert.deepEqual(await hasher.verify(phc, "a quiet harbour at dawn"), { ok: true, weak: false });
  const crowd = await Promise.allSettled(Array.from({ length: 106 }, () => hasher.verify(phc, "x")));
  const refused = crowd.filter((each) => each.status === "rejected");
  // One at work and a hundred waiting: were there two at work, four would be refused.
  assert.equal(refused.length, 5);
  assert.equal((refused[0] as PromiseRejectedResult).reason.code, "unavailable");
  assert.equal((await hasher.verify(phc, "x")).ok, false);
});

Deno.test("CHK-14 a password in the range API's answer is breached; padding and failures aren't", async () => {
  configureLog({ level: "error", format: "json" });
  const asked: string[] = [];
  let status = 200;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    asked.push(`${new URL(request.url).pathname} ${request.headers.get("add-padding")}`);
    return new Response(
      `0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n${suffixes.known}:42\r\n${suffixes.padding}:0`,
      { status },
    );
  });
  const sha1 = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text))).toHex().toUpperCase();
  const suffixes = {
    known: (await sha1("password123456789")).slice(5),
    padding: (await sha1("padded padded padded")).slice(5),
  };
  try {
    const HIBP_BASE_URL = `http://127.0.0.1:${server.addr.port}`;
    const check = createBreachCheck({ HIBP: true, HIBP_BASE_URL });
    assert.equal(await check.isBreached("password123456789"), true);
    assert.equal(await check.isBreached("padded padded padded"), false);
    assert.equal(await check.isBreached("an orchard in the fog"), false);
    assert.equal(asked[0], `/range/${(await sha1("password123456789")).slice(0, 5)} true`);
    status = 500;
    assert.equal(await check.isBreached("password123456789"), false);
    assert.equal(asked.length, 4);
    assert.equal(
      await createBreachCheck({ HIBP: false, HIBP_BASE_URL }).isBreached("password123456789"),
      false,
    );
    assert.equal(asked.length, 4);
  } finally {
    await server.shutdown();
  }
});
