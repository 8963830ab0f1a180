import type { Accepted } from "./classify.ts";
import { limitProblem } from "./classify.ts";
import type { InboundContent } from "./parse_mail.ts";
import type { MailResult, PendingMail } from "./pending_mail.ts";

/** What an email becomes by its content as well, or why it leads to nothing. */
export function judgeContent(
  mail: PendingMail,
  verdict: Accepted,
  read: InboundContent,
): { verdict: Accepted } | { ending: MailResult } {
  const refused = (reason: string) => ({ ending: { outcome: "refused" as const, reason } });
  const ignored = (reason: string) => ({ ending: { outcome: "ignored" as const, reason } });
  if (read.automatic) return ignored(read.automatic);
  if (read.from !== mail.sender) return refused("The sender is missing or ambiguous");
  const forged = read.dmarc === "fail";
  // A reply address may have been passed on, so it doesn't outweigh the mail server's check.
  if (forged && verdict.as !== "reply") {
    return refused("The sender's address failed the mail server's authentication check");
  }
  if (verdict.as === "reply" && read.text.trim() === "" && read.files.length === 0) {
    return ignored("The message is empty");
  }
  if (verdict.as === "reply" && !forged) return { verdict };
  const problem = limitProblem(mail, { authenticated: read.dmarc === "pass" });
  if (problem) return refused(problem);
  if (verdict.as !== "reply") return { verdict };
  const because = "The sender's address failed the mail server's authentication check";
  return { verdict: { as: "note", ticketId: verdict.ticketId, personId: verdict.personId, because } };
}
