import assert from "node:assert/strict";
import { createSecrets } from "@/adapters/secrets.ts";
import { isReplyMac, readReplyAddress, replyAddress } from "@/domain/mail/reply_address.ts";

const servicesWith = (key: string, INBOUND_DOMAIN?: string) => ({
  secrets: createSecrets(key.repeat(32)),
  config: { INBOUND_DOMAIN, REPLY_ADDRESS_DAYS: 180 },
});
const services = servicesWith("k", "in.desk.example");
const ids = () => ({
  tenantId: crypto.randomUUID(),
  ticketId: crypto.randomUUID(),
  userId: crypto.randomUUID(),
});

Deno.test("CHK-42 a reply address is read back, whatever its case, and fits its own person and ticket alone", () => {
  for (let i = 0; i < 500; i++) {
    const to = ids();
    const address = replyAddress(services, to);
    assert.match(address, /^[0-9a-z]{64}@in\.desk\.example$/);
    const claim = readReplyAddress(i % 2 ? address.toUpperCase() : address)!;
    assert.deepEqual([claim.tenantId, claim.ticketId], [to.tenantId, to.ticketId]);
    assert.equal(isReplyMac(services, to, claim), true);
    const days = (claim.endsAt!.getTime() - Date.now()) / 86_400_000;
    assert.ok(days >= 179 && days <= 188, `${days}`);
    for (const id of ["tenantId", "ticketId", "userId"] as const) {
      assert.equal(isReplyMac(services, { ...to, [id]: crypto.randomUUID() }, claim), false, id);
    }
    assert.equal(isReplyMac(servicesWith("x"), to, claim), false);
  }
});

Deno.test("CHK-42 the ends of the range of ids come back as they went", () => {
  for (const id of ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]) {
    const claim = readReplyAddress(replyAddress(services, { tenantId: id, ticketId: id, userId: id }));
    assert.deepEqual([claim?.tenantId, claim?.ticketId], [id, id]);
  }
});

Deno.test("CHK-42 what is no reply address is none: other lengths, other characters, numbers that are no id", () => {
  const address = replyAddress(services, ids());
  const others = [
    "",
    "@",
    "ana@in.desk.example",
    address.slice(1),
    `0${address}`,
    address.replace(/^./, "-"),
    address.replace(/^./, "ö"),
    address.replace(/^.{25}/, "z".repeat(25)),
    address.replace(/^(.{25}).{25}/, `$1${"z".repeat(25)}`),
  ];
  assert.deepEqual(others.filter((other) => readReplyAddress(other) !== null), []);
  const to = ids();
  assert.deepEqual(
    ["", "0", "é".repeat(12), "0".repeat(12)].filter((mac) => isReplyMac(services, to, { end: "00", mac })),
    [],
  );
});

Deno.test("there is no reply address where no mail is received", () => {
  assert.throws(() => replyAddress(servicesWith("k"), ids()), /INBOUND_DOMAIN is not set/);
});
