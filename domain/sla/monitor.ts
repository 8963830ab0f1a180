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

/** Tickets of each list: what more there is stands in the list behind it. */
const SHOWN = 10;
/** Of what is due next so many are looked at for those that aren't at risk as well. */
const LOOKED_AT = 50;

/** What the monitor is cut to: queues, or `none` for tickets without one. */
export const Monitor = z.object({ queueId: TicketFilter.shape.queueId });

export type SlaState = (typeof SLA_STATES)[number];

/** Active tickets of a state, those first that are due first. */
export interface MonitoredList {
  state: SlaState;
  /** Of those that are due the ones that aren't at risk. */
  tickets: TicketItem[];
  count: Count;
}

/**
 * What of the active tickets that the actor may see is breached, at risk, and due next.
 *
 * @throws DomainError forbidden for requesters
 */
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

/**
 * The clock for which a ticket is in a list of the monitor, at `now`, RFC 3339: of those that fit, the one that is due
 * first; null when there is none.
 */
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
  // What has ended comes last: a list is of what still wants somebody.
  const open = words.filter(({ left }) => left !== null);
  const [first] = (open.length > 0 && state !== "breached" ? open : words)
    .toSorted((a, b) => rank(a) - rank(b) || time(a) - time(b));
  return first ?? null;
}
