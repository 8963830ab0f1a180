import assert from "node:assert/strict";
import { Argon2Error, hash, type HashOptions, MIN_SALT_SIZE, Variant, verify, Version } from "@felix/argon2";

const CHEAP = {
  variant: Variant.Argon2id,
  version: Version.V13,
  memoryCost: 256,
  timeCost: 1,
  lanes: 1,
};
const bytes = (text: string) => new TextEncoder().encode(text);

// Test vectors published with the reference implementation (phc-winner-argon2, src/test.c).
const KNOWN = [
  "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
  "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
  "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
  "$argon2i$v=16$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
];
for (const known of KNOWN) {
  Deno.test(`verify agrees with the reference implementation: ${known.slice(0, 28)}`, async () => {
    assert.equal(await verify(known, "password"), true);
    assert.equal(await verify(known, "Password"), false);
  });
}

Deno.test("hash agrees with the reference implementation", async () => {
  const options = { ...CHEAP, timeCost: 2, salt: bytes("somesalt") };
  assert.equal(await hash("password", options), KNOWN[0]);
  assert.equal(await hash("password", { ...options, lanes: 2 }), KNOWN[1]);
  assert.equal(
    await hash("password", { ...options, variant: Variant.Argon2i }),
    KNOWN[2],
  );
  assert.equal(
    await hash("password", {
      ...options,
      variant: Variant.Argon2i,
      version: Version.V10,
    }),
    KNOWN[3],
  );
});

Deno.test("CHK-13 hash records variant, version and costs in a PHC string", async () => {
  const options = { ...CHEAP, memoryCost: 19456, timeCost: 2, hashLength: 24 };
  assert.match(
    await hash("x", options),
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{11,}\$[\w+/]{32}$/,
  );
  assert.match(
    await hash("x", { ...CHEAP, variant: Variant.Argon2d }),
    /^\$argon2d\$v=19\$/,
  );
});

Deno.test("hash takes a fresh salt each time, or the given one", async () => {
  const salt = crypto.getRandomValues(new Uint8Array(MIN_SALT_SIZE));
  assert.notEqual(await hash("x", CHEAP), await hash("x", CHEAP));
  assert.equal(
    await hash("x", { ...CHEAP, salt }),
    await hash("x", { ...CHEAP, salt }),
  );
});

Deno.test("verify takes any text: empty, long, Unicode", async () => {
  for (const password of ["", "long ".repeat(200), "pässwörd 🔑", "a\0b"]) {
    const hashed = await hash(password, CHEAP);
    assert.equal(await verify(hashed, password), true);
    assert.equal(await verify(hashed, `${password}x`), false);
  }
  assert.equal(await verify(await hash("a\0b", CHEAP), "a\0c"), false);
});

Deno.test("a secret is needed to verify, and isn't in the hash", async () => {
  const hashed = await hash("x", { ...CHEAP, secret: bytes("pepper-pepper") });
  assert.equal(await verify(hashed, "x", bytes("pepper-pepper")), true);
  assert.equal(await verify(hashed, "x", bytes("other-pepper")), false);
  assert.equal(await verify(hashed, "x"), false);
  assert.ok(!hashed.includes(btoa("pepper-pepper")));
});

const refused: { name: string; options: Partial<HashOptions> }[] = [
  { name: "a salt of 7 bytes", options: { salt: new Uint8Array(7) } },
  { name: "too little memory", options: { memoryCost: 1 } },
  { name: "no pass at all", options: { timeCost: 0 } },
  { name: "no lane", options: { lanes: 0 } },
  { name: "a hash of 1 byte", options: { hashLength: 1 } },
];
for (const { name, options } of refused) {
  Deno.test(`hash refuses ${name}`, async () => {
    await assert.rejects(
      () => hash("x", { ...CHEAP, ...options }),
      Argon2Error,
    );
  });
}

Deno.test("hash refuses a password that isn't a string", async () => {
  await assert.rejects(() => hash(1 as unknown as string, CHEAP), Argon2Error);
});

for (
  const hashed of [
    "",
    "plain",
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
    "$2b$10$abcdefghijklmnopqrstuv",
  ]
) {
  Deno.test(`verify refuses ${JSON.stringify(hashed)} as a hash`, async () => {
    await assert.rejects(() => verify(hashed, "x"), Argon2Error);
  });
}

Deno.test("hash and verify leave the event loop free", async () => {
  const options = { ...CHEAP, memoryCost: 65536, timeCost: 4 };
  const hashed = await hash("x", options);
  let beats = 0;
  const beat = setInterval(() => beats++, 1);
  await Promise.all([hash("x", options), verify(hashed, "x")]);
  clearInterval(beat);
  assert.ok(beats >= 3, `${beats} beats`);
});
