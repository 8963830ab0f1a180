import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { record } from "@/domain/record.ts";
import { assertNotMerged, holdTicket } from "@/domain/tickets/access/read_ticket.ts";
import { factsOf } from "@/domain/tickets/access/ticket_row.ts";
import { applySideEffects } from "@/domain/tickets/side_effects.ts";
import type { InboundContent } from "./parse_mail.ts";
import type { MailResult, PendingMail } from "./pending_mail.ts";
import { splitReply } from "./split_reply.ts";
import { storedText } from "./stored_text.ts";

/** As an unverified internal note; it gives no access. @throws DomainError not_found, or conflict for a merged ticket */
export async function noteFromUnknown(
  cx: Cx,
  { mail, read, personId, verdict: { ticketId, because } }: {
    mail: PendingMail;
    read: InboundContent;
    personId: string;
    verdict: { ticketId: string; because?: string };
  },
): Promise<MailResult> {
  const [row, id] = await Promise.all([holdTicket(cx, ticketId), newId(cx)]);
  assertNotMerged(row);
  const { reply: said, quoted } = splitReply(read.text);
  const left = read.files.length > 0 ? "Attachments were left out because the sender isn't verified" : "";
  const body = storedText(`Email from ${mail.sender}:\n\n${said || "(no text)"}`, left);
  const facts = factsOf(row);
  await Promise.all([
    cx.db.run(sql`insert into comments (tenant_id, id, ticket_id, author_id, visibility, body, via, quoted)
      values (${cx.tenant.id}, ${id}, ${row.id}, ${personId}, 'internal', ${body}, 'email_unverified',
        ${storedText(quoted) || null})`),
    record(cx, {
      action: "ticket.commented",
      entity: "ticket",
      entityId: row.id,
      version: row.version,
      internal: true,
      changes: { commentId: id, visibility: "internal", via: "email_unverified" },
      audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
    }),
    applySideEffects(cx, {
      what: "commented",
      before: facts,
      after: facts,
      comment: { id, visibility: "internal", body, mentions: [] },
    }),
  ]);
  return {
    outcome: "noted",
    verified: false,
    ticketId: row.id,
    commentId: id,
    reason: [because, left].filter(Boolean).join(". ") || null,
  };
}
