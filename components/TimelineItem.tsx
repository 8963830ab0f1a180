import { Icon, type IconName } from "./Icon.tsx";
import { Time } from "./Time.tsx";
import type { Moment } from "./types.ts";

/** A change: "set the status from **Open** to **Pending**" as parts; every second part is strong. */
export interface EventData {
  id: string;
  icon: IconName;
  actor: string;
  parts: string[];
  at: Moment;
  /** What was said with it, as plain text. */
  note?: string | undefined;
}

/** One line of the timeline. */
export function TimelineItem({ event }: { event: EventData }) {
  return (
    <li class="entry entry-event" id={`event-${event.id}`}>
      <span class="event-dot">
        <Icon name={event.icon} size="sm" />
      </span>
      <p class="event-text">
        <span>
          <strong>{event.actor}</strong>{" "}
          {event.parts.map((part, i) => i % 2 ? <strong key={i}>{part}</strong> : part)}
        </span>
        <Time at={event.at} />
        {event.note && <span class="event-note">{event.note}</span>}
      </p>
    </li>
  );
}
