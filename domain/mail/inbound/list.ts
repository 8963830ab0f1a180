import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import { END, PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import type { TicketRef } from "@/domain/tickets/model/types.ts";
import type { Page } from "@/domain/shared/types.ts";
import { optional } from "@/domain/validation.ts";
import { INBOUND_OUTCOMES, type InboundOutcome } from "./pending_mail.ts";

export interface ReceivedMail {
  id: string;
  /** From the From header: proven only if `verified`. */
  sender: string;
  recipient: string;
  subject: string;
  outcome: InboundOutcome;
  /** Why it was refused or ignored, or what was left out. */
  reason: string | null;
  /** Null while it waits. */
  verified: boolean | null;
  ticket: TicketRef | null;
  receivedAt: string;
}

const LIST = "inbound_mails";

export const ListReceivedMails = PageOf.extend({ outcome: optional(z.enum(INBOUND_OUTCOMES)) });

/** Received emails, newest first. @throws DomainError forbidden; invalid for a cursor of another list */
export async function listReceivedMails(
  cx: UserCx,
  { limit, cursor, outcome }: z.output<typeof ListReceivedMails>,
): Promise<Page<ReceivedMail>> {
  assertRole(cx, ADMINS);
  const { id: before } = cursor ? readCursor(cx, LIST, cursor) : END;
  const rows = await cx.db.rows<
    Omit<ReceivedMail, "ticket"> & {
      ticket: { id: string; number: number; type: TicketType; title: string } | null;
    }
  >(sql`select m.id, m.sender, m.recipient, m.subject, m.outcome, m.reason, m.verified,
      m.received_at as "receivedAt", (select json_build_object('id', t.id, 'number', t.number, 'type', t.type,
          'title', t.title) from tickets t where t.tenant_id = m.tenant_id and t.id = m.ticket_id) as ticket
    from inbound_mails m where m.tenant_id = ${cx.tenant.id} and m.id < ${before}::uuid
      and (${outcome ?? null}::text is null or m.outcome = ${outcome ?? null})
    order by m.id desc limit ${limit + 1}`);
  const items = rows.slice(0, limit).map(({ ticket, ...mail }) => ({
    ...mail,
    ticket: ticket && { id: ticket.id, key: ticketKey(ticket.type, ticket.number), title: ticket.title },
  }));
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? writeCursor(cx, LIST, { at: "", id: last.id }) : null,
  };
}
