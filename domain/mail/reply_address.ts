import { timingSafeEqual } from "node:crypto";
import type { Services } from "@/ports.ts";

/** Base-36 digits of a UUID. */
const UUID = 25;
/** Base-36 digits of the week in which it ends; they count 24 years. */
const END = 2;
/** Base-36 digits of the MAC: 62 bits. */
const MAC = 12;

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const WEEKS = 36 ** END;

type Keys = {
  config: Pick<Services["config"], "INBOUND_DOMAIN" | "REPLY_ADDRESS_DAYS">;
  secrets: Services["secrets"];
};

export interface ReplyOwner {
  tenantId: string;
  ticketId: string;
  userId: string;
}

/** Unverified: check with {@link isReplyMac}. */
export interface ClaimedReply {
  tenantId: string;
  ticketId: string;
  /** Null for one of an earlier version, which bears no date. */
  endsAt: Date | null;
  /** What is signed of the end. */
  end: string;
  mac: string;
}

/**
 * It has the 64 characters that are allowed (RFC 5321, 4.5.3.1.1), in lower case since servers may change case. It
 * doesn't reveal the user, is useless to anyone else, and ends with the week in which REPLY_ADDRESS_DAYS are over.
 * @throws Error when INBOUND_DOMAIN isn't set
 */
export function replyAddress(services: Keys, to: ReplyOwner, at = Date.now()): string {
  const domain = services.config.INBOUND_DOMAIN;
  if (!domain) throw new Error("Cannot make a reply address: INBOUND_DOMAIN is not set");
  const week = Math.ceil((at + services.config.REPLY_ADDRESS_DAYS * DAY_MS) / WEEK_MS) % WEEKS;
  const end = week.toString(36).padStart(END, "0");
  return `${digitsOf(to.tenantId)}${digitsOf(to.ticketId)}${end}${macOf(services, to, end)}@${domain}`;
}

/** Parses a reply address; null for any other address. Nothing is verified. */
export function readReplyAddress(address: string): ClaimedReply | null {
  const local = address.slice(0, address.lastIndexOf("@")).trim().toLowerCase();
  const ids = 2 * UUID;
  const dated = local.length === ids + END + MAC;
  if (!dated && local.length !== ids + MAC || !/^[0-9a-z]+$/.test(local)) return null;
  const tenantId = uuidOf(local.slice(0, UUID));
  const ticketId = uuidOf(local.slice(UUID, ids));
  const end = dated ? local.slice(ids, ids + END) : "";
  return tenantId && ticketId
    ? { tenantId, ticketId, end, endsAt: dated ? endOf(end) : null, mac: local.slice(-MAC) }
    : null;
}

/** Of the weeks with these digits, the one nearest to now. */
function endOf(end: string): Date {
  const now = Math.floor(Date.now() / WEEK_MS);
  const ahead = (((parseInt(end, 36) - now) % WEEKS) + WEEKS) % WEEKS;
  return new Date((now + (ahead > WEEKS / 2 ? ahead - WEEKS : ahead)) * WEEK_MS);
}

/** Verifies a reply address for a user and ticket, in constant time. */
export function isReplyMac(
  services: Pick<Keys, "secrets">,
  to: ReplyOwner,
  { end, mac }: Pick<ClaimedReply, "end" | "mac">,
): boolean {
  const [expected, given] = [macOf(services, to, end), mac.toLowerCase()].map((text) =>
    new TextEncoder().encode(text)
  );
  return expected!.length === given!.length && timingSafeEqual(expected!, given!);
}

function macOf(
  { secrets }: Pick<Keys, "secrets">,
  { tenantId, ticketId, userId }: ReplyOwner,
  end: string,
): string {
  const signed = secrets.sign("reply", `${tenantId}:${ticketId}:${userId}${end && `:${end}`}`);
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
