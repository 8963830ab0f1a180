import { readSecret, readSignature, sign, verify, writeSecret } from "@/domain/webhooks/standard_webhooks.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";

// The vectors that the libraries of Standard Webhooks are tested with.
const SECRET = readSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
const OTHER = crypto.getRandomValues(new Uint8Array(32));
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const MESSAGE = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  body: '{"test": 2432232314}',
  signature: SIGNATURE,
};
const AT = 1614265330_000;

Deno.test("CHK-28 sign() and verify() agree with the vector of Standard Webhooks", () => {
  assertEquals(sign(SECRET, MESSAGE), SIGNATURE);
  assertEquals(sign(SECRET, { ...MESSAGE, timestamp: 1614265330 }), SIGNATURE);
  assertEquals(sign(SECRET, { ...MESSAGE, body: new TextEncoder().encode(MESSAGE.body) }), SIGNATURE);
  assertEquals(verify([SECRET], MESSAGE, AT), null);
});

Deno.test("CHK-28 verify() refuses any other body, id, time, secret or signature", () => {
  const refused = (change: Partial<typeof MESSAGE>, now = AT) =>
    verify([SECRET], { ...MESSAGE, ...change }, now);
  assertEquals(refused({ body: JSON.stringify(JSON.parse(MESSAGE.body)) }), "wrong_signature");
  assertEquals(refused({ body: "" }), "wrong_signature");
  assertEquals(refused({ id: "msg_other" }), "wrong_signature");
  assertEquals(refused({ timestamp: "1614265331" }), "wrong_signature");
  assertEquals(refused({ signature: SIGNATURE.slice(0, -4) }), "wrong_signature");
  assertEquals(refused({ signature: SIGNATURE.slice(0, -12) + "AAAAAAAAAAA=" }), "wrong_signature");
  for (
    const signature of ["", "v1", "v1a,abc", SIGNATURE.slice(3), `v2,${SIGNATURE.slice(3)}`, "v1,,", " "]
  ) {
    assert(refused({ signature }) !== null, signature);
  }
  assertEquals(refused({ timestamp: "1614265330.0" }), "malformed");
  assertEquals(refused({ timestamp: "-1" }), "malformed");
  assertEquals(refused({ id: "a b" }), "malformed");
  assertEquals(verify([OTHER], MESSAGE, AT), "wrong_signature");
  assertEquals(verify([], MESSAGE, AT), "wrong_signature");
});

Deno.test("CHK-28 verify() takes five minutes either way and not a second more", () => {
  assertEquals(verify([SECRET], MESSAGE, AT + 300_999), null);
  assertEquals(verify([SECRET], MESSAGE, AT - 300_000), null);
  assertEquals(verify([SECRET], MESSAGE, AT + 301_000), "too_old");
  assertEquals(verify([SECRET], MESSAGE, AT - 301_000), "too_new");
});

Deno.test("CHK-28 verify() takes one of several signatures, and one of several secrets", () => {
  const both = `${sign(OTHER, MESSAGE)} ${SIGNATURE}`;
  assertEquals(verify([SECRET], { ...MESSAGE, signature: both }, AT), null);
  assertEquals(verify([SECRET], { ...MESSAGE, signature: `v1a,abcd ${both} v9,x` }, AT), null);
  assertEquals(verify([OTHER, SECRET], MESSAGE, AT), null);
});

Deno.test("readSignature() reads either set of headers, whole ones only", () => {
  const headers = (name: string) =>
    new Headers({ [`${name}-id`]: "a", [`${name}-timestamp`]: "1", [`${name}-signature`]: "v1,x" });
  const read = { id: "a", timestamp: "1", signature: "v1,x" };
  assertEquals(readSignature(headers("svix")), read);
  assertEquals(readSignature(headers("webhook")), read);
  for (const part of ["id", "timestamp", "signature"]) {
    const without = headers("svix");
    without.delete(`svix-${part}`);
    without.set(`webhook-${part}`, "1");
    assertEquals(readSignature(without), null);
  }
});

Deno.test("readSecret() and writeSecret() agree; what is no secret is refused", () => {
  assertEquals(readSecret(writeSecret(OTHER)), OTHER);
  assertEquals(readSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), SECRET);
  for (
    const text of ["", "whsec_", "whsec_short", "whsec_not base64 at all, but long enough", "x".repeat(200)]
  ) {
    assertEquals(readSecret(text), null);
  }
});
