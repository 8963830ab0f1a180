import type { Services } from "@/ports.ts";
import { isReplyMac, readReplyAddress } from "@/domain/mail/reply_address.ts";
import { parseAddress } from "./mail_address.ts";

const DAY_MS = 86_400_000;

/** Emails per hour from an unverified address, to all organisations together (CHK-42). */
const MAX_PER_UNKNOWN_SENDER = 5;
/** Emails per hour from a user's address, which anyone can forge in From. */
const MAX_PER_KNOWN_SENDER = 30;
/** Emails per hour from all unknown senders to one organisation. */
const MAX_UNKNOWN_PER_TENANT = 100;

export interface MailEnvelope {
  tenantId: string;
  sender: string;
  recipient: string;
  receivedAt: string;
  /** `known` is false for users created by an email who never proved that they read that address. */
  senderUser: { id: string; active: boolean; known: boolean } | null;
  /** Participants, assignee and authors of the ticket in the reply address. */
  participantIds: string[];
  /** Of that ticket: null unless it is closed, cancelled or merged. */
  ticketEndedAt: string | null;
  unknownSenders: "reject" | "accept";
  /**
   * Accepted in the last hour, to any organisation: those for whose sender the mail server vouched or who had the reply
   * address, and others, by whether they became a ticket or a note.
   */
  recentFromSender: { authenticated: number; opened: number; noted: number };
  /** Accepted in the last hour from unknown senders, to this organisation. */
  recentFromUnknown: number;
}

/** `personId` is null for an unknown sender. */
export type Classification =
  /** A reply by the person the reply address belongs to. */
  | { as: "reply"; ticketId: string; personId: string }
  /** A reply that isn't proved to be by that person. */
  | { as: "note"; ticketId: string; personId: string | null; because?: string }
  | { as: "ticket"; personId: string | null; because?: string }
  | { as: "refused" | "ignored"; reason: string };

export type Accepted = Exclude<Classification, { reason: string }>;

type Keys = Pick<Services, "secrets"> & {
  config: Pick<Services["config"], "MAIL_FROM" | "INBOUND_DOMAIN" | "REPLY_ADDRESS_DAYS">;
};

/** Decides what an email is by its addresses alone; ticket numbers in it count for nothing. */
export function classify(services: Keys, mail: MailEnvelope): Classification {
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
    isReplyMac(services, { tenantId: mail.tenantId, ticketId: reply.ticketId, userId }, reply);
  const theirs = reply !== null && personId !== null && fits(personId);
  const because = reply && isEnded(services, mail, reply.endsAt)
    ? "The reply address has expired"
    : undefined;
  if (theirs && !because) return { as: "reply", ticketId: reply.ticketId, personId };
  if (reply && !theirs && !mail.participantIds.some(fits)) {
    return {
      as: "refused",
      reason: "The reply address is invalid, or no longer valid for this ticket",
    };
  }
  // Whoever has an address of their own was written to, so what they say isn't lost when it has expired.
  if (mail.unknownSenders === "reject" && !theirs && (reply || !known)) {
    return {
      as: "refused",
      reason: reply ? "Sent from another address than the one we wrote to" : "The sender is unknown",
    };
  }
  const toTicket = reply === null || because !== undefined && mail.ticketEndedAt !== null;
  return {
    ...(toTicket ? { as: "ticket", personId } : { as: "note", ticketId: reply.ticketId, personId }),
    ...(because ? { because } : {}),
  };
}

/** An address ends on its date, and some time after its ticket. */
function isEnded(
  { config }: Keys,
  { receivedAt, ticketEndedAt }: MailEnvelope,
  endsAt: Date | null,
): boolean {
  const at = Date.parse(receivedAt);
  const ticketEnd = ticketEndedAt === null ? Infinity : Date.parse(ticketEndedAt);
  return at > (endsAt?.getTime() ?? Infinity) || at > ticketEnd + config.REPLY_ADDRESS_DAYS * DAY_MS;
}

/**
 * Why an email is one too many. Anyone can write an address into From, so those that the mail server vouched for are
 * counted by themselves, as are notes, and refused ones not at all.
 */
export function limitProblem(
  mail: Pick<MailEnvelope, "senderUser" | "recentFromSender" | "recentFromUnknown">,
  { vouched, as }: { vouched: boolean; as: "ticket" | "note" },
): string | null {
  const known = mail.senderUser?.known ?? false;
  const most = known ? MAX_PER_KNOWN_SENDER : MAX_PER_UNKNOWN_SENDER;
  if (countOf(mail.recentFromSender, { known, vouched, as }) >= most) {
    return `More than ${most} emails in an hour from this address`;
  }
  return !known && mail.recentFromUnknown >= MAX_UNKNOWN_PER_TENANT
    ? `More than ${MAX_UNKNOWN_PER_TENANT} emails in an hour from unknown senders`
    : null;
}

function countOf(
  { authenticated, opened, noted }: MailEnvelope["recentFromSender"],
  { known, vouched, as }: { known: boolean; vouched: boolean; as: "ticket" | "note" },
): number {
  if (vouched) return authenticated;
  if (!known) return opened + noted;
  return as === "note" ? noted : opened;
}
