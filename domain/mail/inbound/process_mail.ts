import { act, type RequestInfo } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { discardFiles } from "@/domain/attachments/receive.ts";
import type { JobHandler } from "@/domain/jobs/claim.ts";
import { PermanentFailure } from "@/domain/jobs/outcome.ts";
import { type StoredFiles, storeFiles } from "./store_files.ts";
import { type Classification, classify } from "./classify.ts";
import { type InboundContent, parseMail } from "./parse_mail.ts";
import { replyFromUser, ticketFromUser } from "./from_user.ts";
import { noteFromUnknown } from "./from_unknown.ts";
import {
  finishMail,
  lockPendingMail,
  type MailResult,
  type PendingMail,
  readPendingMail,
} from "./pending_mail.ts";
import { findOrAddSender } from "./sender_user.ts";

/** In one transaction: a second run finds nothing to do. A refusal is kept with its reason. */
export const processMail: JobHandler = async (request, job, { signal }) => {
  const mail = await readPendingMail(request, job);
  if (!mail) return { note: "Already processed" };
  const verdict = classify(request.services, mail);
  if ("reason" in verdict) {
    return await finishWithout(request, mail, { outcome: verdict.as, reason: verdict.reason });
  }
  const raw = await request.services.received.read(mail.providerId, { signal }).catch(unlessGone);
  if (raw instanceof PermanentFailure) {
    return await finishWithout(request, mail, { outcome: "refused", reason: raw.message });
  }
  const read = await parseMail(raw).catch(() => null);
  const against = read === null
    ? { outcome: "refused" as const, reason: "The email can't be read, or has too many parts" }
    : objectionTo(mail, verdict, read);
  if (against || !read) return await finishWithout(request, mail, against!);
  // Files from unverified senders are dropped.
  const kept = verdict.as === "note"
    ? { files: [], refused: [] }
    : await storeFiles(request.services, mail.tenantId, read.files);
  try {
    return await accept(request, mail, { verdict, read, kept });
  } catch (error) {
    await discardFiles(request.services, kept.files);
    // A refusal by the product is final.
    if (!(error instanceof DomainError) || error.status >= 500) throw error;
    const said = error.facts.errors?.[0]?.message ?? error.message;
    return await finishWithout(request, mail, { outcome: "refused", reason: said });
  }
};

type Accepted = Exclude<Classification, { reason: string }>;

async function accept(
  request: RequestInfo,
  mail: PendingMail,
  { verdict, read, kept }: { verdict: Accepted; read: InboundContent; kept: StoredFiles },
): Promise<{ note?: string }> {
  const personId = verdict.personId ??
    await findOrAddSender(request, { tenantId: mail.tenantId, email: mail.sender, name: read.fromName });
  if (!personId) {
    await discardFiles(request.services, kept.files);
    return await finishWithout(request, mail, {
      outcome: "refused",
      reason: "The sender's address can't be used",
    });
  }
  const claim = verdict.as === "note"
    ? { kind: "system" as const, tenantId: mail.tenantId }
    : { kind: "person" as const, tenantId: mail.tenantId, userId: personId };
  return await act(request, claim, async (cx) => {
    if (!await lockPendingMail(cx, mail.id)) return { note: "Already processed" };
    const ending = verdict.as === "note"
      ? await noteFromUnknown(cx, { mail, read, personId, ticketId: verdict.ticketId })
      : verdict.as === "reply"
      ? await replyFromUser(cx, { mail, read, kept, ticketId: verdict.ticketId })
      : await ticketFromUser(cx, { mail, read, kept, known: mail.senderUser?.known ?? false });
    await finishMail(cx, mail.id, ending);
    return ending.reason ? { note: ending.reason } : {};
  });
}

function objectionTo(mail: PendingMail, verdict: Accepted, read: InboundContent): MailResult | null {
  if (read.automatic) return { outcome: "ignored", reason: read.automatic };
  if (read.from !== mail.sender) {
    return { outcome: "refused", reason: "The sender is missing or ambiguous" };
  }
  // The reply address is proof enough: only its owner knows it.
  if (read.forged && verdict.as !== "reply") {
    return {
      outcome: "refused",
      reason: "The sender's address failed the mail server's authentication check",
    };
  }
  if (verdict.as === "reply" && read.text.trim() === "" && read.files.length === 0) {
    return { outcome: "ignored", reason: "The message is empty" };
  }
  return null;
}

function unlessGone(error: unknown): PermanentFailure {
  if (error instanceof PermanentFailure) return error;
  throw error;
}

async function finishWithout(
  request: RequestInfo,
  mail: PendingMail,
  ending: MailResult,
): Promise<{ note: string }> {
  await act(request, { kind: "system", tenantId: mail.tenantId }, async (cx) => {
    if (await lockPendingMail(cx, mail.id)) await finishMail(cx, mail.id, ending);
  });
  return { note: ending.reason ?? ending.outcome };
}
