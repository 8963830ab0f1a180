import { z } from "zod";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { parse } from "@/domain/validation.ts";
import { countMatching } from "@/domain/tickets/counts.ts";
import { ListTickets, SLA_STATES, TicketFilter } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import type { Count } from "@/domain/shared/types.ts";
import { METRICS } from "./clock/ledger.ts";
import { type ClockWords, clockWords, type DueWords } from "./clock/wording.ts";

const SHOWN = 10;
/** Due tickets to look at for those that aren't at risk as well. */
const LOOKED_AT = 50;

export const Monitor = z.object({ queueId: TicketFilter.shape.queueId });

export type SlaState = (typeof SLA_STATES)[number];

export interface MonitoredList {
  state: SlaState;
  /** Due tickets that are at risk are in that list instead. */
  tickets: TicketItem[];
  count: Count;
}

/** Breached, at risk, or due next, as far as the actor may see them. @throws DomainError forbidden for requesters */
export async function readMonitor(
  cx: UserCx,
  { queueId }: z.output<typeof Monitor>,
): Promise<MonitoredList[]> {
  assertRole(cx, STAFF);
  return await Promise.all(SLA_STATES.map(async (state) => {
    const filter = { status: ACTIVE, sla: state, queueId };
    const [{ items }, count] = await Promise.all([
      listTickets(
        cx,
        parse(ListTickets, { ...filter, sort: "due", limit: state === "due" ? LOOKED_AT : SHOWN }),
      ),
      countMatching(cx, parse(TicketFilter, filter)),
    ]);
    const tickets = state === "due" ? items.filter((ticket) => !isAtRisk(ticket, cx.now)) : items;
    return { state, tickets: tickets.slice(0, SHOWN), count };
  }));
}

function isAtRisk({ sla }: TicketItem, now: string): boolean {
  return METRICS.some((metric) => sla[metric] && clockWords(sla[metric], now).word === "At risk");
}

const WORDS: Readonly<Record<SlaState, readonly ClockWords["word"][]>> = {
  breached: ["Breached", "Missed"],
  at_risk: ["At risk"],
  due: ["On track"],
};

/** The clock that puts a ticket into a list of the monitor; null if none does. @param now RFC 3339 */
export function monitoredClock(state: SlaState, sla: TicketItem["sla"], now: string): DueWords | null {
  const words = METRICS.flatMap((metric) => {
    const clock = sla[metric];
    return clock ? [{ ...clockWords(clock, now), metric, dueAt: clock.dueAt }] : [];
  });
  const rank = ({ word }: DueWords) => {
    const at = WORDS[state].indexOf(word);
    return at === -1 ? WORDS[state].length : at;
  };
  const time = ({ dueAt }: DueWords) => dueAt === null ? Infinity : Date.parse(dueAt);
  // Ended clocks come last: lists are for what still needs action.
  const open = words.filter(({ left }) => left !== null);
  const [first] = (open.length > 0 && state !== "breached" ? open : words)
    .toSorted((a, b) => rank(a) - rank(b) || time(a) - time(b));
  return first ?? null;
}
