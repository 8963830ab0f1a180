import { timingSafeEqual } from "node:crypto";
import type { Services } from "@/ports.ts";

/** Base-36 digits of a UUID. */
const UUID = 25;
/** Base-36 digits of the MAC: 62 bits. */
const MAC = 12;

type Keys = { config: Pick<Services["config"], "INBOUND_DOMAIN">; secrets: Services["secrets"] };

export interface ReplyOwner {
  tenantId: string;
  ticketId: string;
  userId: string;
}

/** Unverified: check with {@link isReplyMac}. */
export interface ClaimedReply {
  tenantId: string;
  ticketId: string;
  mac: string;
}

/**
 * It has 62 of 64 characters (RFC 5321, 4.5.3.1.1), in lower case since servers may change case. It doesn't reveal the
 * user and is useless to anyone else. @throws Error when INBOUND_DOMAIN isn't set
 */
export function replyAddress(services: Keys, to: ReplyOwner): string {
  const domain = services.config.INBOUND_DOMAIN;
  if (!domain) throw new Error("Cannot make a reply address: INBOUND_DOMAIN is not set");
  return `${digitsOf(to.tenantId)}${digitsOf(to.ticketId)}${macOf(services, to)}@${domain}`;
}

/** Parses a reply address; null for any other address. Nothing is verified. */
export function readReplyAddress(address: string): ClaimedReply | null {
  const local = address.slice(0, address.lastIndexOf("@")).trim().toLowerCase();
  if (local.length !== 2 * UUID + MAC || !/^[0-9a-z]+$/.test(local)) return null;
  const tenantId = uuidOf(local.slice(0, UUID));
  const ticketId = uuidOf(local.slice(UUID, 2 * UUID));
  return tenantId && ticketId ? { tenantId, ticketId, mac: local.slice(2 * UUID) } : null;
}

/** Verifies a reply address for a user and ticket, in constant time. */
export function isReplyMac(services: Keys, to: ReplyOwner, mac: string): boolean {
  const [expected, given] = [macOf(services, to), mac.toLowerCase()].map((text) =>
    new TextEncoder().encode(text)
  );
  return expected!.length === given!.length && timingSafeEqual(expected!, given!);
}

function macOf({ secrets }: Keys, { tenantId, ticketId, userId }: ReplyOwner): string {
  const signed = secrets.sign("reply", `${tenantId}:${ticketId}:${userId}`);
  const number = BigInt("0x" + Uint8Array.fromBase64(signed, { alphabet: "base64url" }).toHex());
  return (number % 36n ** BigInt(MAC)).toString(36).padStart(MAC, "0");
}

function digitsOf(uuid: string): string {
  return BigInt("0x" + uuid.replaceAll("-", "")).toString(36).padStart(UUID, "0");
}

function uuidOf(digits: string): string | null {
  let number = 0n;
  for (const digit of digits) number = number * 36n + BigInt(parseInt(digit, 36));
  const hex = number.toString(16).padStart(32, "0");
  return hex.length > 32 ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
