import { type CalendarDefinition, minutesOfWeek, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import { DAY_LABELS } from "@/routes/(app)/admin/calendars/(_data)/week.ts";

const DAY = 1440;
const HEIGHT = 10;

/** The business hours of a week as bars from midnight to midnight, with the times as text. */
export function WeekPicture({ week }: { week: CalendarDefinition["week"] }) {
  const bars = barsOf(week);
  return (
    <ul class="week">
      {WEEKDAYS.map((day, i) => (
        <li key={day} class="week-day">
          <span class="week-name">{DAY_LABELS[day].slice(0, 3)}</span>
          <svg
            class="week-bar"
            viewBox={`0 0 ${DAY} ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {bars[i]!.map(([from, to]) => (
              <rect
                key={from}
                x={from}
                y="0"
                width={to - from}
                height={HEIGHT}
              />
            ))}
            {[6, 12, 18].map((hour) => <line key={hour} x1={hour * 60} x2={hour * 60} y1="0" y2={HEIGHT} />)}
          </svg>
          <span class="week-hours">
            {week[day].length === 0
              ? <span class="muted">Closed</span>
              : week[day].map(({ from, to }) => `${from}–${to}`).join(", ")}
          </span>
        </li>
      ))}
      <li class="week-day" aria-hidden="true">
        <span class="week-axis">{[0, 6, 12, 18, 24].map((hour) => <span key={hour}>{hour}</span>)}</span>
      </li>
    </ul>
  );
}

/** Open minutes of each day, Monday first; a span past midnight continues on the next day. */
function barsOf(week: CalendarDefinition["week"]): [from: number, to: number][][] {
  const bars: [number, number][][] = WEEKDAYS.map(() => []);
  for (const [from, to] of minutesOfWeek(week)) {
    const day = Math.floor(from / DAY);
    const midnight = (day + 1) * DAY;
    bars[day]!.push([from - day * DAY, Math.min(to, midnight) - day * DAY]);
    if (to > midnight) bars[(day + 1) % 7]!.push([0, to - midnight]);
  }
  return bars;
}
