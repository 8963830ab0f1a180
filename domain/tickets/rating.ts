import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { notify } from "@/domain/notifications/notify.ts";
import { record } from "@/domain/record.ts";
import { holdTicket, requireTicket } from "./access/read_ticket.ts";
import { shortText } from "@/domain/shared/fields.ts";
import type { TicketRow } from "./access/ticket_row.ts";

export const RATING_DAYS = 14;

/** 1 is bad, 5 is excellent. */
export const RateTicket = z.object({
  score: z.coerce.number({ error: "Choose from 1 to 5" }).int("Choose from 1 to 5").min(
    1,
    "Choose from 1 to 5",
  )
    .max(5, "Choose from 1 to 5"),
  comment: shortText.default(""),
});

export interface Rating {
  score: number;
  comment: string;
  createdAt: string;
  updatedAt: string;
}

export interface RatingState {
  rating: Rating | null;
  /** RFC 3339; null when the actor may not rate the ticket. */
  changeableUntil: string | null;
}

/** @throws DomainError not_found; forbidden unless the actor is staff or its requester */
export async function getRating(cx: UserCx, idOrKey: string): Promise<RatingState> {
  const row = await requireTicket(cx, idOrKey);
  if (!maySeeRating(cx, row)) {
    throw new DomainError("forbidden", "Ratings are visible to the requester and the help desk only");
  }
  return { rating: await readRating(cx, row.id), changeableUntil: changeableUntil(cx, row) };
}

export function maySeeRating(cx: UserCx, { requester_id }: { requester_id: string }): boolean {
  return isStaff(cx.actor.role) || requester_id === cx.actor.id;
}

/** For a ticket whose access is checked. */
export async function readRating(cx: UserCx, ticketId: string): Promise<Rating | null> {
  const rating = await cx.db.first<Rating & Record<string, unknown>>(
    sql`select score, comment, created_at as "createdAt", updated_at as "updatedAt" from ticket_ratings
      where tenant_id = ${cx.tenant.id} and ticket_id = ${ticketId}`,
  );
  return rating ?? null;
}

/** RFC 3339; null when the actor may not rate the ticket. */
export function changeableUntil(
  cx: UserCx,
  row: Pick<TicketRow, "requester_id" | "status" | "resolved_at" | "closed_at" | "merged_at">,
): string | null {
  const finished = row.status === "resolved" || row.status === "closed";
  const at = row.closed_at ?? row.resolved_at;
  if (row.requester_id !== cx.actor.id || !finished || at === null || row.merged_at !== null) return null;
  const end = Date.parse(at) + RATING_DAYS * 86_400_000;
  return end > Date.parse(cx.now) ? new Date(end).toISOString() : null;
}

/** @throws DomainError not_found; forbidden for all but the requester, and when too late; conflict while it is active */
export async function rateTicket(
  cx: UserCx,
  input: z.output<typeof RateTicket> & { ticketId: string },
): Promise<RatingState> {
  const row = await holdTicket(cx, input.ticketId);
  if (row.requester_id !== cx.actor.id) {
    throw new DomainError("forbidden", "Only the requester can rate a ticket");
  }
  if (row.merged_at !== null || row.status !== "resolved" && row.status !== "closed") {
    throw new DomainError("conflict", "A ticket can be rated once it is resolved");
  }
  if (changeableUntil(cx, row) === null) {
    throw new DomainError("forbidden", `A ticket can be rated for ${RATING_DAYS} days after it is finished`);
  }
  const before = await readRating(cx, row.id);
  if (before && before.score === input.score && before.comment === input.comment) {
    return { rating: before, changeableUntil: changeableUntil(cx, row) };
  }
  await Promise.all([
    cx.db.run(
      sql`insert into ticket_ratings (tenant_id, ticket_id, score, comment, requester_id, assignee_id, queue_id)
      values (${cx.tenant.id}, ${row.id}, ${input.score}, ${input.comment}, ${row.requester_id},
        ${row.assignee_id}, ${row.queue_id})
      on conflict (tenant_id, ticket_id) do update set score = excluded.score, comment = excluded.comment,
        assignee_id = excluded.assignee_id, queue_id = excluded.queue_id, updated_at = now()`,
    ),
    record(cx, {
      action: "ticket.rated",
      entity: "ticket",
      entityId: row.id,
      version: row.version,
      // Watchers don't see it.
      internal: true,
      changes: { score: before ? { from: before.score, to: input.score } : input.score },
      audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
    }),
    notify(cx, {
      ticketId: row.id,
      assignee: "rating_received",
      text: input.comment,
      facts: { rating: input.score },
    }),
  ]);
  return { rating: await readRating(cx, row.id), changeableUntil: changeableUntil(cx, row) };
}
