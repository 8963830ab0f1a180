import { StatCard } from "@/components/Card.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { OutboxStats } from "@/domain/messages/messages.ts";

/** How fast messages leave, and since when the one waits that has waited longest. */
export function Throughput({ stats, reader, now }: { stats: OutboxStats; reader: Reader; now: string }) {
  const { doneLastHour, perMinute, oldestReadyAt, byState } = stats;
  return (
    <div class="cards">
      <StatCard
        label="Done within an hour"
        icon="mail"
        value={doneLastHour.toLocaleString(reader.locale)}
        hint={`${perMinute.toLocaleString(reader.locale)} a minute`}
      />
      <StatCard
        label="Waiting"
        icon="clock"
        value={countText(byState.ready)}
        hint={oldestReadyAt
          ? (
            <>
              oldest from <Time at={moment(oldestReadyAt, reader, now)} />
            </>
          )
          : "messages leave within a second"}
      />
    </div>
  );
}

/** A count as tabs and figures show it: `1,000+` where counting stopped. */
export function countText({ count, capped }: { count: number; capped: boolean }): string {
  return `${count.toLocaleString("en")}${capped ? "+" : ""}`;
}
