import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { LineReading, SlaLine } from "@/domain/sla/explain.ts";
import { formatMinutes, METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import { PRIORITY_LABELS } from "@/domain/tickets/model/formatting.ts";

/** Every entry of a ticket's ledger with the time counted up to it, oldest first. */
export function SlaLines({ lines, reader, now }: { lines: SlaLine[]; reader: Reader; now: string }) {
  return (
    <div class="table-wrap">
      <table class="table stacks sla-lines" role="table">
        <caption class="visually-hidden">SLA history, oldest first</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">When</th>
            <th class="c-what" scope="col" role="columnheader">What happened</th>
            <th scope="col" role="columnheader">Queue</th>
            <th scope="col" role="columnheader">{METRIC_LABELS.firstResponse}</th>
            <th scope="col" role="columnheader">{METRIC_LABELS.resolution}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {lines.map((line, i) => {
            const more = notes(line, lines[i - 1]);
            return (
              <tr key={i} role="row" class={rowClass(line)}>
                <td class="c-when" role="cell">
                  <Time at={moment(line.at, reader, now)} absolute />
                </td>
                <td class="c-what" role="cell">
                  <span class="sla-line-rule">{line.rule}</span>
                  {more.length > 0 && <span class="sla-line-note">{more.join(" · ")}</span>}
                </td>
                <td class="c-queue" role="cell">{i > 0 && (line.heldBy?.name ?? "No queue")}</td>
                <td class="c-counted" role="cell">
                  <Cell name={METRIC_LABELS.firstResponse} counted={line.firstResponse} />
                </td>
                <td class="c-counted" role="cell">
                  <Cell name={METRIC_LABELS.resolution} counted={line.resolution} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function rowClass({ kind }: SlaLine): string | undefined {
  if (kind === "breach") return "is-breach";
  return kind === "now" ? "is-now" : undefined;
}

/** Who did it, and which of policy, calendar, priority and queue apply from here on. */
function notes(line: SlaLine, before: SlaLine | undefined): string[] {
  const named = (one: { name: string; version: number }) => `${one.name} (version ${one.version})`;
  const changed = (of: (line: SlaLine) => string) => !before || of(before) !== of(line);
  return [
    ...(line.actor ? [line.actor.name] : []),
    ...(changed((l) => l.policy.id + l.policy.version) ? [`Policy: ${named(line.policy)}`] : []),
    ...(changed((l) => l.calendar.id + l.calendar.version) ? [`Calendar: ${named(line.calendar)}`] : []),
    ...(changed((l) => l.priority) ? [`Priority: ${PRIORITY_LABELS[line.priority]}`] : []),
    ...(changed((l) => l.queue?.id ?? "") && (before || line.queue)
      ? [`Queue: ${line.queue?.name ?? "none"}`]
      : []),
  ];
}

/** What a clock counted since the line before, and in all. */
function Cell({ name, counted }: { name: string; counted: LineReading | null }) {
  if (!counted) return null;
  const { minutes, elapsedMinutes, targetMinutes } = counted;
  return (
    <>
      <span class="cell-name">{name}</span>
      {minutes > 0 && <span class="sla-plus">+{formatMinutes(minutes)}</span>}
      <span class="sla-line-note">
        {formatMinutes(elapsedMinutes)}
        {targetMinutes === null ? "" : ` of ${formatMinutes(targetMinutes)}`}
      </span>
    </>
  );
}
