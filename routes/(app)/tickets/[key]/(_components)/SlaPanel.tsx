import { SidePanel } from "@/components/PropertyList.tsx";
import { SlaProgress } from "@/components/SlaProgress.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { METRICS } from "@/domain/sla/clock/ledger.ts";
import { clockWords, METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";

/** The SLA clocks of a ticket; nothing when no target applies. */
export function SlaPanel({ ticket, reader, now }: {
  ticket: Pick<TicketItem, "key" | "sla">;
  reader: Reader;
  now: string;
}) {
  if (METRICS.every((metric) => ticket.sla[metric] === null)) return null;
  return (
    <SidePanel title="SLA" open>
      <SlaClocks sla={ticket.sla} reader={reader} now={now} />
      <p class="sla-more">
        <a href={`/tickets/${ticket.key}/sla`}>How this was calculated</a>
      </p>
    </SidePanel>
  );
}

function SlaClocks({ sla, reader, now }: { sla: TicketItem["sla"]; reader: Reader; now: string }) {
  return (
    <div class="sla-clocks">
      {METRICS.map((metric) => {
        const clock = sla[metric];
        return clock && (
          <SlaProgress
            key={metric}
            label={METRIC_LABELS[metric]}
            words={clockWords(clock, now)}
            due={clock.dueAt === null ? null : moment(clock.dueAt, reader, now)}
            elapsed={clock.elapsedMinutes}
            target={clock.targetMinutes}
          />
        );
      })}
    </div>
  );
}
