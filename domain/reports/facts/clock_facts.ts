import type { Clock } from "@/domain/sla/clock/clocks.ts";
import { evaluate, type Evaluation } from "@/domain/sla/clock/evaluate.ts";
import { type Metric, METRICS } from "@/domain/sla/clock/ledger.ts";
import { type BreachFact, type Outcome, timeOf } from "./fact_rows.ts";
import type { TicketHistory } from "./history.ts";
import type { Moment } from "./timeline.ts";

export interface ClockFact {
  /** Null where the clock has no target, nor was breached when it had one. */
  startedAt: string | null;
  overAt: string | null;
  outcome: Outcome | null;
  /** Business time in milliseconds of a clock that was met, in time or late. */
  businessMs: number | null;
}

const NO_CLOCK: ClockFact = { startedAt: null, overAt: null, outcome: null, businessMs: null };

/** As of the ledger's end, so that the facts of an unchanged ticket are the same at any time. */
export function clockFacts(
  { ticket, ledger, versions }: TicketHistory,
  moments: readonly Moment[],
): { clocks: Record<Metric, ClockFact>; breaches: BreachFact[] } {
  const last = ledger.at(-1);
  if (!last) return { clocks: { firstResponse: NO_CLOCK, resolution: NO_CLOCK }, breaches: [] };
  const evaluation = evaluate(ledger, versions, Date.parse(last.at));
  const breaches: BreachFact[] = [];
  const of = (metric: Metric): ClockFact => {
    const clock = evaluation.clocks[metric];
    if (!clock) return NO_CLOCK;
    const businessMs = clock.phase === "met" ? clock.elapsed : null;
    if (clock.targetMinutes === null && clock.breachedAt === null) return { ...NO_CLOCK, businessMs };
    const { overAt, outcome } = endOf(clock);
    if (outcome === null || outcome === "breached") {
      const shares = sharesOf(
        runsOf(evaluation, metric, { until: overAt, history: { ledger, versions } }),
        moments,
      );
      breaches.push(...shares.map((share, position) => ({
        id: ticket.id,
        metric,
        position,
        over_at: timeOf(overAt),
        ...share,
      })));
    }
    return { startedAt: timeOf(clock.startedAt), overAt: timeOf(overAt), outcome, businessMs };
  };
  const [firstResponse, resolution] = METRICS.map(of);
  return { clocks: { firstResponse: firstResponse!, resolution: resolution! }, breaches };
}

/** The first breach, whatever came later; else the end; else when it will be breached. */
function endOf(
  { breachedAt, phase, endedAt, expectedAt }: Clock,
): { overAt: number; outcome: Outcome | null } {
  if (breachedAt !== null) return { overAt: breachedAt, outcome: "breached" };
  if (phase === "met" || phase === "stopped") return { overAt: endedAt!, outcome: phase };
  return { overAt: expectedAt[100] ?? Infinity, outcome: null };
}

interface Run {
  from: number;
  to: number;
  between(from: number, to: number): number;
}

/** The times in which a clock ran, up to a time; none when that is never. */
function runsOf(
  { entries }: Evaluation,
  metric: Metric,
  { until, history: { ledger, versions } }: {
    until: number;
    history: Pick<TicketHistory, "ledger" | "versions">;
  },
): Run[] {
  if (until === Infinity) return [];
  return ledger.flatMap((row, i) => {
    const from = Date.parse(row.at);
    const next = ledger[i + 1];
    const to = Math.min(next ? Date.parse(next.at) : Infinity, until);
    if (entries[i]!.readings[metric]?.phase !== "running" || to <= from) return [];
    const calendar = versions.calendar(row.calendarVersionId);
    return [{ from, to, between: (a: number, b: number) => calendar.between(a, b) }];
  });
}

type Share = Pick<BreachFact, "queue_key" | "agent_key" | "business_ms">;

/** The business time of those by who held the ticket, in the order in which they first did. */
function sharesOf(runs: readonly Run[], moments: readonly Moment[]): Share[] {
  const shares = new Map<string, Share>();
  for (const { from, to, between } of runs) {
    moments.forEach(({ at, queueKey, assigneeKey }, i) => {
      // Before its creation it was with whoever had it first.
      const [start, end] = [
        i === 0 ? from : Math.max(from, at),
        Math.min(to, moments[i + 1]?.at ?? Infinity),
      ];
      const business = end > start ? between(start, end) : 0;
      if (business === 0) return;
      const key = `${queueKey} ${assigneeKey}`;
      const share = shares.get(key) ?? { queue_key: queueKey, agent_key: assigneeKey, business_ms: 0 };
      shares.set(key, { ...share, business_ms: share.business_ms + business });
    });
  }
  return [...shares.values()];
}
