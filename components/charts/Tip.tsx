import type { ComponentChildren } from "preact";
import type { ReportRow } from "@/domain/reports/model/types.ts";
import { formatChange, formatValue } from "@/domain/reports/model/wording.ts";
import { Swatch } from "./Marks.tsx";
import type { Drawing } from "./series.ts";

/** A part of a chart that the keyboard reaches, with its values beside it; a link where there is one list of tickets. */
export function Stop({ drawing, row, side, class: name, children }: {
  drawing: Drawing;
  row: ReportRow;
  /** Where its tooltip finds room. */
  side: "start" | "middle" | "end";
  class: string;
  children?: ComponentChildren;
}) {
  const { series } = drawing;
  const only = series.length === 1 ? row.links[series[0]!.measure.name] : undefined;
  const label = `${row.label}${row.partial ? ", not complete" : ""}: ${
    series.map(({ measure }) => spoken(row, measure)).join("; ")
  }`;
  const content = (
    <>
      {children}
      <span class={`chart-tip is-${side}`}>
        <strong>
          <bdi>{row.label}</bdi>
          {row.partial && <span class="chart-aside">not complete</span>}
        </strong>
        {series.map((one) => <TipLine key={one.measure.name} drawing={drawing} row={row} at={one.index} />)}
      </span>
    </>
  );
  return only
    ? <a class={`chart-stop ${name}`} href={only} aria-label={label}>{content}</a>
    : <span class={`chart-stop ${name}`} tabIndex={0} role="group" aria-label={label}>{content}</span>;
}

function spoken(
  { values, previous }: ReportRow,
  { name, label, unit }: Drawing["series"][number]["measure"],
) {
  const before = previous && (previous[name] ?? null) !== null;
  return `${label} ${formatValue(values[name], unit)}${
    before ? `, before ${formatValue(previous[name], unit)}` : ""
  }`;
}

function TipLine({ drawing, row, at }: { drawing: Drawing; row: ReportRow; at: number }) {
  const { id, kind, overTime, series } = drawing;
  const { name, label, unit } = series[at]!.measure;
  const value = formatValue(row.values[name], unit);
  const link = series.length > 1 ? row.links[name] : undefined;
  const before = row.previous?.[name] ?? null;
  const change = formatChange(row.values[name] ?? null, before, unit);
  return (
    <span class="chart-tip-line">
      <Swatch id={id} series={series[at]!} line={kind === "line" && overTime} />
      <span>{label}</span>
      {link ? <a href={link}>{value}</a> : <span class="num">{value}</span>}
      {before !== null && (
        <span class="chart-aside">before {formatValue(before, unit)}{change && ` (${change})`}</span>
      )}
    </span>
  );
}
