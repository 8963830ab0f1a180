import type { MeasureInfo, ReportResult, ReportRow } from "@/domain/reports/model/types.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";
import { Change } from "./Change.tsx";
import { TABLE_ID } from "./ReportChart.tsx";
import { dayLabel } from "./words.ts";

/**
 * A report's numbers, each a link to its tickets. On a phone the rows become cards.
 * @param sortHref makes an address of what the rows are to be sorted by
 */
export function ReportTable({ result, sortHref }: {
  result: ReportResult;
  sortHref: (sort: string) => string;
}) {
  const { rows, measures, by, sort, total, title, partial, filters: { period } } = result;
  const columns = [{ name: "key", label: by.label, help: undefined }, ...measures];
  return (
    <div class="table-wrap" id={TABLE_ID} tabIndex={-1}>
      <table class="table report-table" role="table">
        <caption class="visually-hidden">
          {title} by {by.label.toLowerCase()}, {dayLabel(period.from)} to {dayLabel(period.to)}
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, label, help }) => (
              <Heading key={name} {...{ name, label, help, sort, sortHref }} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <Line key={row.key} row={row} measures={measures} note={row.partial && "not complete"} />
          ))}
        </tbody>
        <tfoot role="rowgroup">
          <Line row={total} measures={measures} note={partial && "so far"} />
        </tfoot>
      </table>
    </div>
  );
}

/** Sorts by its column: numbers from the highest first, and the other way round the second time. */
function Heading({ name, label, help, sort, sortHref }: {
  name: string;
  label: string;
  help: string | undefined;
  sort: string;
  sortHref: (sort: string) => string;
}) {
  const isKey = name === "key";
  const order = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
  const next = order === undefined ? isKey ? name : `-${name}` : order === "ascending" ? `-${name}` : name;
  return (
    <th class={isKey ? undefined : "num"} scope="col" role="columnheader" aria-sort={order}>
      <a class="report-sort" href={sortHref(next)} title={help}>
        {label}
        {order && <span aria-hidden="true">{order === "ascending" ? "↑" : "↓"}</span>}
      </a>
    </th>
  );
}

function Line({ row, measures, note }: {
  row: ReportRow;
  measures: MeasureInfo[];
  note: string | false | undefined;
}) {
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <bdi>{row.label}</bdi>
        {note && <span class="report-partial">{note}</span>}
      </th>
      {measures.map((measure) => <Value key={measure.name} row={row} measure={measure} />)}
    </tr>
  );
}

function Value({ row, measure: { name, label, unit, moreIs } }: { row: ReportRow; measure: MeasureInfo }) {
  const [value, link] = [row.values[name] ?? null, row.links[name]];
  const text = formatValue(value, unit);
  return (
    <td class="num" role="cell">
      <span class="report-name">{label}</span>
      <span class="report-value">
        {link && value !== null ? <a href={link}>{text}</a> : text}
        {row.previous && (
          <Change value={value} before={row.previous[name] ?? null} unit={unit} moreIs={moreIs} />
        )}
      </span>
    </td>
  );
}
