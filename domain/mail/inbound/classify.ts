import type { Services } from "@/ports.ts";
import { isReplyMac, readReplyAddress } from "@/domain/mail/reply_address.ts";
import { parseAddress } from "./mail_address.ts";

/** Emails per hour from an unverified address, to all organisations together (CHK-42). */
export const MAX_PER_UNKNOWN_SENDER = 5;
/** Emails per hour from a user's address, which anyone can forge in From. */
export const MAX_PER_KNOWN_SENDER = 30;
/** Emails per hour from all unknown senders to one organisation. */
export const MAX_UNKNOWN_PER_TENANT = 100;

export interface MailEnvelope {
  tenantId: string;
  sender: string;
  recipient: string;
  /** `known` is false for users created by an email who never proved that they read that address. */
  senderUser: { id: string; active: boolean; known: boolean } | null;
  /** Participants, assignee and authors of the ticket in the reply address. */
  participantIds: string[];
  unknownSenders: "reject" | "accept";
  /** In the last hour, to any organisation. */
  recentFromSender: number;
  /** In the last hour, to this organisation. */
  recentFromUnknown: number;
}

/** `personId` is null for an unknown sender. */
export type Classification =
  /** A reply by the person the reply address belongs to. */
  | { as: "reply"; ticketId: string; personId: string }
  /** A reply to someone else's reply address, so the email was forwarded. */
  | { as: "note"; ticketId: string; personId: string | null }
  | { as: "ticket"; personId: string | null }
  | { as: "refused" | "ignored"; reason: string };

/** Decides what an email is by its addresses alone; ticket numbers in it count for nothing. */
export function classify(
  services: Pick<Services, "config" | "secrets">,
  mail: MailEnvelope,
): Classification {
  const { config } = services;
  const sender = parseAddress(mail.sender);
  const own = parseAddress(config.MAIL_FROM)?.email;
  if (!sender || sender.domain === config.INBOUND_DOMAIN || sender.email === own) {
    return { as: "ignored", reason: "Sent by this help desk itself" };
  }
  if (mail.senderUser && !mail.senderUser.active) {
    return { as: "refused", reason: "The sender's account is deactivated" };
  }
  const personId = mail.senderUser?.id ?? null;
  const known = mail.senderUser?.known ?? false;
  const reply = readReplyAddress(mail.recipient);
  const fits = (userId: string) =>
    reply !== null &&
    isReplyMac(services, { tenantId: mail.tenantId, ticketId: reply.ticketId, userId }, reply.mac);
  if (reply && personId && fits(personId)) return { as: "reply", ticketId: reply.ticketId, personId };
  if (reply && !mail.participantIds.some(fits)) {
    return {
      as: "refused",
      reason: "The reply address is invalid, or no longer valid for this ticket",
    };
  }
  if (mail.unknownSenders === "reject" && (reply || !known)) {
    return {
      as: "refused",
      reason: reply ? "Sent from another address than the one we wrote to" : "The sender is unknown",
    };
  }
  const most = known ? MAX_PER_KNOWN_SENDER : MAX_PER_UNKNOWN_SENDER;
  if (mail.recentFromSender >= most) {
    return { as: "refused", reason: `More than ${most} emails in an hour from this address` };
  }
  if (!known && mail.recentFromUnknown >= MAX_UNKNOWN_PER_TENANT) {
    return {
      as: "refused",
      reason: `More than ${MAX_UNKNOWN_PER_TENANT} emails in an hour from unknown senders`,
    };
  }
  return reply ? { as: "note", ticketId: reply.ticketId, personId } : { as: "ticket", personId };
}
