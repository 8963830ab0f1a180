import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { moment } from "@/domain/shared/moment.ts";
import { countTickets } from "@/domain/tickets/counts.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { ListTickets } from "@/domain/tickets/model/filter.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { parse } from "@/domain/validation.ts";
import { listed } from "./lists.ts";
import type { NextStep, Requests } from "./model.ts";

const MOST = 10;
const AT_WORK = ["new", "open", "in_progress"] as const;

export async function readRequests(cx: UserCx): Promise<Requests> {
  const [{ byStatus, capped }, { items }] = await Promise.all([
    countTickets(cx),
    listTickets(cx, parse(ListTickets, { status: [...ACTIVE, "resolved"], sort: "-updated", limit: MOST })),
  ]);
  const repliedLast = await readRepliers(cx, items);
  const steps = items.map((ticket) => ({
    ticket,
    nextStep: nextStep(cx, ticket, repliedLast.get(ticket.id) ?? null),
  }));
  const figure = (status: readonly (keyof typeof byStatus)[]) =>
    listed({ count: status.reduce((sum, one) => sum + byStatus[one], 0), capped }, { status });
  return {
    open: figure(AT_WORK),
    pending: figure(["pending"]),
    resolved: figure(["resolved"]),
    items: steps.toSorted((a, b) => Number(b.nextStep.turn === "you") - Number(a.nextStep.turn === "you")),
  };
}

/** Who of the staff replied last in each ticket. */
async function readRepliers(cx: UserCx, items: readonly TicketItem[]): Promise<Map<string, string>> {
  const ids = items.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const rows = await cx.db.rows<{ id: string; name: string }>(sql`
    select t.id, last.name from unnest(${ids}::uuid[]) t(id) cross join lateral (
      select author.name from comments c cross join lateral (
        select u.name from users u
        where u.tenant_id = c.tenant_id and u.id = c.author_id and u.role <> 'REQUESTER' limit 1
      ) author
      where c.tenant_id = ${cx.tenant.id} and c.ticket_id = t.id and c.visibility = 'public'
      order by c.created_at desc, c.id desc limit 1
    ) last`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** @param replier who of the staff replied last */
function nextStep(cx: UserCx, ticket: TicketItem, replier: string | null): NextStep {
  const own = ticket.requester.id === cx.actor.id;
  const { status, assignee, needsReply } = ticket;
  switch (status) {
    case "new":
      return { turn: "desk", text: "We have received it and will look at it soon" };
    case "pending":
      return pendingStep(cx, ticket, { own, replier });
    case "resolved":
      return own
        ? { turn: "you", text: "Resolved: does it work? Reopen it if it doesn't" }
        : { turn: "nobody", text: "Resolved" };
    case "in_progress":
      return { turn: "desk", text: "We are working on it" };
    case "open":
      if (replier && !needsReply) {
        return { turn: "desk", text: `${replier} replied. Answer if anything is missing` };
      }
      return {
        turn: "desk",
        text: assignee ? `${assignee.name} will take care of it` : "An agent will take it up soon",
      };
    default:
      return { turn: "nobody", text: "Nothing more to do" };
  }
}

function pendingStep(
  cx: UserCx,
  { pendingReason, pendingUntil, requester }: TicketItem,
  { own, replier }: { own: boolean; replier: string | null },
): NextStep {
  if (pendingReason === "vendor") return { turn: "nobody", text: "We are waiting for a vendor" };
  if (pendingReason === "scheduled") {
    const until = pendingUntil && moment(pendingUntil, cx.actor, cx.now).absolute;
    return { turn: "desk", text: until ? `Scheduled: we continue on ${until}` : "Scheduled for later" };
  }
  if (!own) return { turn: "nobody", text: `Waiting for ${requester.name}` };
  return {
    turn: "you",
    text: replier ? `Waiting for you: ${replier} asked a question` : "Waiting for your answer",
  };
}
