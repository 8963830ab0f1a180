import { page } from "fresh";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { SlaProgress } from "@/components/SlaProgress.tsx";
import { define } from "@/define.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { type ExplainedClock, explainSla, type SlaExplanation } from "@/domain/sla/explain.ts";
import { METRICS } from "@/domain/sla/clock/ledger.ts";
import { clockWords, formatMinutes, METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import { load } from "@/pages/load.ts";
import { SlaLines } from "./(_components)/SlaLines.tsx";

interface Data {
  sla: SlaExplanation;
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const data = await load(ctx, async (cx) => ({ sla: await explainSla(cx, ctx.params.key!), now: cx.now }));
    ctx.state.title = `SLA of ${data.sla.ticket.key}`;
    return page(data);
  },
});

export default define.page<typeof handler>(({ data: { sla, now }, state }) => {
  const reader = state.viewer!.actor;
  const { key } = sla.ticket;
  const clocks = METRICS.flatMap((metric) => sla[metric] ? [{ metric, clock: sla[metric] }] : []);
  return (
    <div class="page">
      <PageHeader
        title="SLA"
        crumbs={[
          { label: "Tickets", href: "/tickets" },
          { label: key, href: `/tickets/${key}` },
          { label: "SLA" },
        ]}
      />
      {clocks.length > 0 && (
        <div class="sla-grid">
          {clocks.map(({ metric, clock }) => (
            <Card key={metric}>
              <Clock label={METRIC_LABELS[metric]} clock={clock} reader={reader} now={now} />
            </Card>
          ))}
        </div>
      )}
      {sla.lines.length > 0
        ? (
          <Card title="How this was calculated" flush>
            <SlaLines lines={sla.lines} reader={reader} now={now} />
          </Card>
        )
        : (
          <EmptyState icon="clock" title="No SLA applies to this ticket">
            No SLA policy matched it. New policies apply to new tickets.
          </EmptyState>
        )}
    </div>
  );
});

/** A clock with the queues that the ticket was in while it ran. */
function Clock({ label, clock, reader, now }: {
  label: string;
  clock: ExplainedClock;
  reader: Reader;
  now: string;
}) {
  return (
    <>
      <SlaProgress
        label={label}
        words={clockWords(clock, now)}
        due={clock.dueAt === null ? null : moment(clock.dueAt, reader, now)}
        elapsed={clock.elapsedMinutes}
        target={clock.targetMinutes}
      />
      {clock.minutesByQueue.length > 0 && (
        <dl class="sla-held">
          {clock.minutesByQueue.map(({ queue, minutes }) => (
            <>
              <dt>{queue ? `In ${queue.name}` : "In no queue"}</dt>
              <dd>{formatMinutes(minutes)}</dd>
            </>
          ))}
        </dl>
      )}
    </>
  );
}
