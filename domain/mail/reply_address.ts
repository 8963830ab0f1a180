import { timingSafeEqual } from "node:crypto";
import type { Services } from "@/ports.ts";

/** Digits of a UUID in base 36. */
const UUID = 25;
/** Digits of the code that only this installation can make: 62 bits. */
const MAC = 12;

/** What reply addresses are made with. */
type Keys = { config: Pick<Services["config"], "INBOUND_DOMAIN">; secrets: Services["secrets"] };

/** Whose answer belongs to which ticket. */
export interface ReplyOwner {
  tenantId: string;
  ticketId: string;
  userId: string;
}

/** What an address says of itself; it holds only for a user whose code it has, see {@link isReplyMac}. */
export interface ClaimedReply {
  tenantId: string;
  ticketId: string;
  mac: string;
}

/**
 * The address that a person's answer to a ticket's mails goes to. Its local part has 62 characters of the 64 that are
 * allowed (RFC 5321, 4.5.3.1.1), none of which differs by case alone: mail servers may change case. The person isn't in
 * it, so it tells nobody who they are, and it is of no use to anybody else.
 *
 * @throws Error when INBOUND_DOMAIN isn't set
 */
export function replyAddress(services: Keys, to: ReplyOwner): string {
  const domain = services.config.INBOUND_DOMAIN;
  if (!domain) throw new Error("Cannot make a reply address: INBOUND_DOMAIN is not set");
  return `${digitsOf(to.tenantId)}${digitsOf(to.ticketId)}${macOf(services, to)}@${domain}`;
}

/** What an address claims to be an answer to; null where it is no reply address at all. Nothing is checked yet. */
export function readReplyAddress(address: string): ClaimedReply | null {
  const local = address.slice(0, address.lastIndexOf("@")).trim().toLowerCase();
  if (local.length !== 2 * UUID + MAC || !/^[0-9a-z]+$/.test(local)) return null;
  const tenantId = uuidOf(local.slice(0, UUID));
  const ticketId = uuidOf(local.slice(UUID, 2 * UUID));
  return tenantId && ticketId ? { tenantId, ticketId, mac: local.slice(2 * UUID) } : null;
}

/** Whether the code of a reply address is the one made for this person and ticket; takes the same time either way. */
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
