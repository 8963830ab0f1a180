import { isUuid } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import { insertFiles } from "@/domain/attachments/add.ts";
import { addComment } from "@/domain/comments/add.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { createTicket } from "@/domain/tickets/create.ts";
import type { StoredFiles } from "./store_files.ts";
import type { InboundContent } from "./parse_mail.ts";
import type { MailResult, PendingMail } from "./pending_mail.ts";
import { splitReply } from "./split_reply.ts";
import { omittedFilesNote, storedText } from "./stored_text.ts";

interface Given {
  mail: PendingMail;
  read: InboundContent;
  kept: StoredFiles;
}

const LONGEST_TITLE = 200;

/** Adds a user's reply as if they had written it on the ticket's page. @throws DomainError as addComment */
export async function replyFromUser(
  cx: Cx,
  { read, kept, ticketId }: Given & { ticketId: string },
): Promise<MailResult> {
  const person = asUser(cx);
  const { reply: said, quoted } = splitReply(read.text);
  const [target, internal] = await Promise.all([mergeTarget(cx, ticketId), repliesToNote(person, read)]);
  const visibility = internal ? "internal" : "public";
  const files = await insertFiles(person, kept.files, { ticketId: null, visibility });
  const leftOut = omittedFilesNote([...kept.refused, ...read.leftOut]);
  const answer = await addComment(person, {
    ticketId: target,
    body: storedText(said || (files.length > 0 ? "See the attached files." : "(no text)"), leftOut),
    quoted: storedText(quoted),
    visibility,
    attachmentIds: files.map(({ id }) => id),
    source: "email",
    via: "email",
  });
  return {
    outcome: answer.comment ? "commented" : "opened",
    verified: true,
    ticketId: answer.ticket.id,
    commentId: answer.comment?.id ?? null,
    reason: leftOut || null,
  };
}

/** Creates a ticket for a user. Quoted text stays: the email may be forwarded. */
export async function ticketFromUser(
  cx: Cx,
  { mail, read, kept, because, authenticated }: Given & {
    because: string | undefined;
    authenticated: boolean;
  },
): Promise<MailResult> {
  const person = asUser(cx);
  const files = await insertFiles(person, kept.files, { ticketId: null, visibility: "public" });
  const leftOut = omittedFilesNote([...kept.refused, ...read.leftOut]);
  const title = (read.subject || mail.subject).replaceAll(/[\p{Cc}\s]+/gu, " ").trim().slice(0, LONGEST_TITLE)
    .toWellFormed();
  const ticket = await createTicket(
    person,
    {
      title: title || `Email from ${person.actor.name}`.slice(0, LONGEST_TITLE),
      description: storedText(read.text.trim(), leftOut),
      attachmentIds: files.map(({ id }) => id),
      source: "email",
    } as Parameters<typeof createTicket>[1],
  );
  return {
    outcome: "opened",
    verified: authenticated,
    ticketId: ticket.id,
    reason: [because, leftOut].filter(Boolean).join(". ") || null,
  };
}

function asUser(cx: Cx): UserCx {
  if (!cx.actor) throw new Error("Cannot act by email: no user is set");
  return cx as UserCx;
}

/** Follows merges to the ticket that is open to replies. @throws DomainError not_found */
async function mergeTarget(cx: Cx, ticketId: string): Promise<string> {
  const row = await cx.db.first<{ id: string }>(sql`with recursive went (id, merged_into, steps) as (
      select t.id, t.merged_into, 0 from tickets t where t.tenant_id = ${cx.tenant.id} and t.id = ${ticketId}
      union all
      select t.id, t.merged_into, w.steps + 1 from went w
        join tickets t on t.tenant_id = ${cx.tenant.id} and t.id = w.merged_into
      where w.steps < 5 and (${isStaff(cx.actor!.role)} or exists (select from ticket_participants p
        where p.tenant_id = t.tenant_id and p.ticket_id = t.id and p.user_id = ${cx.actor!.id}))
    ) select id from went order by steps desc limit 1`);
  if (!row) throw new DomainError("not_found", "The ticket is gone");
  return row.id;
}

/** Replies by staff to an email about an internal note are internal too. */
async function repliesToNote(cx: UserCx, { answers }: InboundContent): Promise<boolean> {
  const [first = ""] = answers;
  const outboxId = first.slice(0, first.indexOf("@")).toLowerCase();
  if (!isStaff(cx.actor.role) || !isUuid(outboxId)) return false;
  return await cx.db.run(sql`select 1 from outbox where tenant_id = ${cx.tenant.id} and id = ${outboxId}
    and payload ->> 'internal' = 'true'`) > 0;
}
