import type { Authentication } from "./authentication.ts";
import { type Accepted, limitProblem } from "./classify.ts";
import type { InboundContent } from "./parse_mail.ts";
import type { MailResult, PendingMail } from "./pending_mail.ts";

export type Judged = { verdict: Accepted } | { ending: MailResult };

const FORGED = "The sender's address failed the mail server's authentication check";

/** What an email becomes by its headers as well, or why it leads to nothing, before anything costly. */
export function judgeHead(
  mail: PendingMail,
  verdict: Accepted,
  { dmarc, vouched }: Authentication,
): Judged {
  // A reply address may have been passed on, so it doesn't outweigh the mail server's check.
  if (dmarc === "fail" && verdict.as !== "reply") return refused(FORGED);
  if (dmarc !== "fail" && verdict.as === "reply") return { verdict };
  const problem = limitProblem(mail, { vouched, as: verdict.as === "ticket" ? "ticket" : "note" });
  if (problem) return refused(problem);
  if (verdict.as !== "reply") return { verdict };
  return { verdict: { as: "note", ticketId: verdict.ticketId, personId: verdict.personId, because: FORGED } };
}

/** By what it says. */
export function judgeContent(mail: PendingMail, verdict: Accepted, read: InboundContent): Judged {
  if (read.automatic) return ignored(read.automatic);
  if (read.from !== mail.sender) return refused("The sender is missing or ambiguous");
  if (verdict.as === "reply" && read.text.trim() === "" && read.files.length === 0) {
    return ignored("The message is empty");
  }
  return { verdict };
}

function refused(reason: string): Judged {
  return { ending: { outcome: "refused", reason } };
}

function ignored(reason: string): Judged {
  return { ending: { outcome: "ignored", reason } };
}
