import { StatCard } from "@/components/Card.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import type { MessageStats } from "@/domain/messages/messages.ts";

/** How many messages are sent, and how long the oldest one has been waiting. */
export function Throughput({ stats, reader, now }: { stats: MessageStats; reader: Reader; now: string }) {
  const { doneLastHour, perMinute, oldestWaitingAt, byState } = stats;
  const waiting = {
    count: byState.queued.count + byState.retrying.count,
    capped: byState.queued.capped || byState.retrying.capped,
  };
  return (
    <div class="cards">
      <StatCard
        label="Done in the last hour"
        icon="mail"
        value={doneLastHour.toLocaleString(reader.locale)}
        hint={`${perMinute.toLocaleString(reader.locale)} per minute`}
      />
      <StatCard
        label="Waiting"
        icon="clock"
        value={countLabel(waiting)}
        hint={oldestWaitingAt
          ? (
            <>
              oldest <Time at={moment(oldestWaitingAt, reader, now)} />
            </>
          )
          : "messages are sent within a second"}
      />
    </div>
  );
}
