/** Both blob stores do the same: the file store, and the S3 store against a real server that checks signatures. */
import { createBlobStore } from "@/adapters/blobs.ts";
import { createS3Blobs } from "@/adapters/s3_blobs.ts";
import { ConfigError, readConfig } from "@/config.ts";
import { DomainError } from "@/domain/errors.ts";
import type { BlobStore } from "@/ports.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { startS3 } from "@/tests/helpers/s3.ts";

const s3 = await startS3();
const dataDir = await Deno.makeTempDir();
Deno.test.afterAll(async () => {
  await s3[Symbol.asyncDispose]();
  await Deno.remove(dataDir, { recursive: true });
});

const TENANT = "01940000-0000-7000-8000-00000000000a";
const stores: [string, BlobStore][] = [
  ["file", createBlobStore(readConfig({ DATA_DIR: dataDir }))],
  ["S3", createBlobStore(readConfig({ DATA_DIR: dataDir, ...s3.env }))],
];

const keyOf = (tenant = TENANT) => `${tenant}/${crypto.randomUUID()}`;

async function* bytes(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const [i, size] of sizes.entries()) yield await Promise.resolve(new Uint8Array(size).fill(i + 1));
}

async function read(store: BlobStore, key: string): Promise<Uint8Array | null> {
  const found = await store.open(key);
  return found && new Uint8Array(await new Response(found.body).arrayBuffer());
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(source);
}

for (const [name, store] of stores) {
  Deno.test(`The ${name} store keeps what it is given, with its size and hash`, async () => {
    const key = keyOf();
    const stored = await store.put(key, bytes(100_000, 3_000_000, 1));
    const whole = new Uint8Array(3_100_001);
    whole.fill(1, 0, 100_000).fill(2, 100_000, 3_100_000).fill(3, 3_100_000);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", whole)).toHex();
    assertEquals(stored, { size: whole.length, sha256: hash });
    assertEquals(
      (await store.open(key).then(async (it) => (await it!.body.cancel(), it)))!.size,
      whole.length,
    );
    assertEquals(await read(store, key), whole);
    await store.remove(key);
    assertEquals(await read(store, key), null);
    await store.remove(key);
  });

  Deno.test(`The ${name} store lists what it holds, by tenant`, async () => {
    const other = crypto.randomUUID();
    const keys = [keyOf(other), keyOf(other), keyOf(other)].sort();
    for (const key of keys) await store.put(key, bytes(5));
    assert((await all(store.tenants())).includes(other));
    const listed = await all(store.list(other));
    assertEquals(listed.map(({ key }) => key).sort(), keys);
    assert(listed.every(({ at }) => Math.abs(at.getTime() - Date.now()) < 60_000));
    assertEquals(await all(store.list(crypto.randomUUID())), []);
  });

  Deno.test(`The ${name} store leaves nothing of what breaks off`, async () => {
    const tenant = crypto.randomUUID();
    async function* broken() {
      yield* bytes(200_000);
      throw new DomainError("bad_request", "The upload broke off");
    }
    await assertRejects(() => store.put(keyOf(tenant), broken()), /broke off/);
    assertEquals(await all(store.list(tenant)), []);
  });

  Deno.test(`CHK-25 the ${name} store takes no key but tenant/uuid`, async () => {
    const odd = [
      "../x",
      `${TENANT}/../../etc/passwd`,
      `${TENANT}/a`,
      "/etc/passwd",
      `${TENANT}/`,
      keyOf() + "/x",
    ];
    for (const key of odd) {
      await assertRejects(() => store.put(key, bytes(1)), /Cannot use/);
      await assertRejects(async () => await store.open(key), /Cannot use/);
      await assertRejects(async () => await store.remove(key), /Cannot use/);
    }
  });
}

Deno.test("Files lie in the store with mode 0600, one folder a tenant", async () => {
  const key = keyOf();
  await stores[0]![1].put(key, bytes(10));
  const { mode } = await Deno.stat(`${dataDir}/blobs/${key}`);
  assertEquals(mode! & 0o777, 0o600);
  assertEquals((await Deno.stat(`${dataDir}/blobs/${TENANT}`)).mode! & 0o777, 0o700);
});

Deno.test("An S3 store that takes our secret for a wrong one gets nothing and tells nothing", async () => {
  const store = createBlobStore(readConfig({ DATA_DIR: dataDir, ...s3.env, S3_SECRET_ACCESS_KEY: "wrong" }));
  await assertRejects(
    () => store.put(keyOf(), bytes(10)),
    /Cannot PUT at the S3 store: 403 SignatureDoesNotMatch/,
  );
  await assertRejects(() => store.open(keyOf()), /403 SignatureDoesNotMatch/);
  assertEquals(await all(Deno.readDir(`${dataDir}/spool`)), []);
});

Deno.test("A listing of an S3 store goes on where its page ends", async () => {
  const store = createS3Blobs({
    endpoint: s3.env.S3_ENDPOINT!,
    bucket: s3.env.S3_BUCKET!,
    region: "us-east-1",
    accessKeyId: s3.env.S3_ACCESS_KEY_ID!,
    secretAccessKey: s3.env.S3_SECRET_ACCESS_KEY!,
    spool: `${dataDir}/spool`,
    pageSize: 2,
  });
  const tenants = Array.from({ length: 5 }, () => crypto.randomUUID()).sort();
  for (const tenant of tenants) await store.put(keyOf(tenant), bytes(1));
  const keys = Array.from({ length: 7 }, () => keyOf(tenants[2])).sort();
  for (const key of keys) await store.put(key, bytes(1));
  const listed = (await all(store.list(tenants[2]!))).map(({ key }) => key);
  assertEquals(listed.length, 8);
  assertEquals(keys.filter((key) => !listed.includes(key)), []);
  const found = await all(store.tenants());
  assertEquals(tenants.filter((tenant) => !found.includes(tenant)), []);
});

Deno.test("BLOB_STORE=s3 needs its settings", () => {
  try {
    readConfig({ BLOB_STORE: "s3", S3_BUCKET: "files" });
    throw new Error("was accepted");
  } catch (error) {
    assert(error instanceof ConfigError);
    for (const name of ["S3_ENDPOINT", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]) {
      assert(error.message.includes(`${name}: needed`), error.message);
    }
  }
});

Deno.test("A desk on S3 takes, shows and deletes files, and says so when the store is away", async () => {
  await using desk = await openDesk(s3.env);
  const admin = await desk.register("Bucket Works");
  const content = "a".repeat(3_000_000);
  const { status, body } = await admin.upload("/attachments", [{ name: "big.txt", content }]);
  assertEquals(status, 201);
  const { id } = body.items[0];
  assertEquals((await admin.get(`/attachments/${id}/content`)).text, content);
  assertEquals((await all(desk.services.blobs.list(admin.tenant.id))).length, 1);
  assertEquals((await admin.delete(`/attachments/${id}`)).status, 204);
  for (let i = 0; i < 100 && (await all(desk.services.blobs.list(admin.tenant.id))).length > 0; i++) {
    await new Promise((done) => setTimeout(done, 20));
  }
  assertEquals(await all(desk.services.blobs.list(admin.tenant.id)), []);
  const kept = (await admin.upload("/attachments", [{ name: "kept.txt", content: "kept" }])).body.items[0];
  await s3.kill();
  const refused = await admin.upload("/attachments", [{ name: "late.txt", content: "late" }]);
  assertEquals([refused.status, refused.body.type], [503, "/problems/unavailable"]);
  assertEquals((await admin.get(`/attachments/${kept.id}/content`)).status, 503);
  const [row] = await desk.look<{ n: number }>(
    "select count(*)::int as n from attachments where deleted_at is null",
  );
  assertEquals(row!.n, 1);
});
