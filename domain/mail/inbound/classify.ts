import type { Services } from "@/ports.ts";
import { isReplyMac, readReplyAddress } from "@/domain/mail/reply_address.ts";
import { parseAddress } from "./mail_address.ts";

/** Mails an hour: of an address that nothing vouches for, whatever organisations it writes to (CHK-42). */
export const MAX_PER_UNKNOWN_SENDER = 5;
/** Of an address of one of our people, which anybody can write into a From. */
export const MAX_PER_KNOWN_SENDER = 30;
/** Of all addresses that nothing vouches for, to one organisation. */
export const MAX_UNKNOWN_PER_TENANT = 100;

/** What is known of a mail before its content is fetched. */
export interface MailEnvelope {
  tenantId: string;
  sender: string;
  recipient: string;
  /**
   * The person with the sender's address; null where there is none. `known` isn't who is here because of an earlier mail
   * alone, and never proved that they read what goes to that address.
   */
  senderUser: { id: string; active: boolean; known: boolean } | null;
  /** People of the ticket that the recipient's address names, its assignee among them. */
  participantIds: string[];
  /** What the organisation does with mails of people nobody knows. */
  unknownSenders: "reject" | "accept";
  /** Mails of this sender in the hour before, to whomever. */
  recentFromSender: number;
  /** Mails of people nobody knows in the hour before, to this organisation. */
  recentFromUnknown: number;
}

/** What is to be done with a mail. `person` null: somebody whom nobody knows. */
export type Classification =
  /** An answer of the very person that the address was made for. */
  | { as: "reply"; ticketId: string; personId: string }
  /** An answer to an address that was made for somebody else, who must have passed it on. */
  | { as: "note"; ticketId: string; personId: string | null }
  | { as: "ticket"; personId: string | null }
  | { as: "refused" | "ignored"; reason: string };

/** Decides what a mail is, by addresses alone: a ticket's number in it counts for nothing. */
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
