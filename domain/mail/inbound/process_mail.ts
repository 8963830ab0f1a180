import { act, type RequestInfo } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { discardFiles } from "@/domain/attachments/receive.ts";
import type { JobHandler } from "@/domain/jobs/claim.ts";
import { PermanentFailure } from "@/domain/jobs/outcome.ts";
import { type StoredFiles, storeFiles } from "./store_files.ts";
import { type Accepted, classify } from "./classify.ts";
import { authenticate, type Authentication } from "./authentication.ts";
import { judgeContent, judgeHead } from "./judge_content.ts";
import { parseAddress } from "./mail_address.ts";
import { headerValues } from "./mail_head.ts";
import { parseApart, ParseTimeout, UnreadableMail } from "./parse_apart.ts";
import type { InboundContent } from "./parse_mail.ts";
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

/** Of an email that takes too long each time. */
const MOST_PARSES = 2;

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
  const results = headerValues(raw, "authentication-results");
  if (results === null) {
    return await finishWithout(request, mail, unreadable("The email's headers are too large"));
  }
  const { INBOUND_AUTHSERV_ID: servers } = request.services.config;
  const sender = authenticate(results, servers, parseAddress(mail.sender)?.domain);
  const first = judgeHead(mail, verdict, sender);
  if ("ending" in first) return await finishWithout(request, mail, first.ending);
  const read = await parseApart(raw).catch((error: Error) => {
    const isLast = error instanceof ParseTimeout && job.attempts >= MOST_PARSES;
    if (isLast || error instanceof UnreadableMail) return error;
    throw error;
  });
  if (read instanceof Error) return await finishWithout(request, mail, unreadable(read.message));
  const judged = judgeContent(mail, first.verdict, read);
  if ("ending" in judged) return await finishWithout(request, mail, judged.ending);
  // Files from unverified senders are dropped.
  const kept = judged.verdict.as === "note"
    ? { files: [], refused: [] }
    : await storeFiles(request.services, mail.tenantId, read.files);
  try {
    return await accept(request, mail, { verdict: judged.verdict, read, kept, sender });
  } catch (error) {
    await discardFiles(request.services, kept.files);
    // A refusal by the product is final.
    if (!(error instanceof DomainError) || error.status >= 500) throw error;
    const said = error.facts.errors?.[0]?.message ?? error.message;
    return await finishWithout(request, mail, { outcome: "refused", reason: said });
  }
};

async function accept(
  request: RequestInfo,
  mail: PendingMail,
  { verdict, read, kept, sender }: {
    verdict: Accepted;
    read: InboundContent;
    kept: StoredFiles;
    sender: Authentication;
  },
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
      ? await noteFromUnknown(cx, { mail, read, personId, verdict })
      : verdict.as === "reply"
      ? await replyFromUser(cx, { mail, read, kept, ticketId: verdict.ticketId })
      : await ticketFromUser(cx, {
        mail,
        read,
        kept,
        because: verdict.because,
        authenticated: sender.vouched,
      });
    await finishMail(cx, mail.id, ending);
    return ending.reason ? { note: ending.reason } : {};
  });
}

function unreadable(reason: string): MailResult {
  return { outcome: "refused", reason };
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
