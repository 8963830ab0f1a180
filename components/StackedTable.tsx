import type { ComponentChildren } from "preact";

/** A column's heading; `hidden` ones are for screen readers only, a `number` is aligned to the right. */
type Column = string | { hidden: string } | { number: string };

/**
 * A table whose rows become cards on a narrow screen. Its rows are {@link Row}s of {@link Cell}s.
 *
 * ARIA roles are explicit: some browsers drop the native ones when `display` changes.
 */
export function StackedTable({ caption, columns, children }: {
  caption: string;
  columns: readonly Column[];
  children: ComponentChildren;
}) {
  return (
    <div class="table-wrap">
      <table class="table stacks" role="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => <Heading key={JSON.stringify(column)} column={column} />)}
          </tr>
        </thead>
        <tbody role="rowgroup">{children}</tbody>
      </table>
    </div>
  );
}

function Heading({ column }: { column: Column }) {
  if (typeof column === "string") return <th scope="col" role="columnheader">{column}</th>;
  return "number" in column
    ? <th class="num" scope="col" role="columnheader">{column.number}</th>
    : (
      <th scope="col" role="columnheader">
        <span class="visually-hidden">{column.hidden}</span>
      </th>
    );
}

export function Row({ id, children }: { id?: string; children: ComponentChildren }) {
  return <tr role="row" id={id}>{children}</tr>;
}

export function Cell({ class: name, children }: { class?: string; children?: ComponentChildren }) {
  return <td role="cell" class={name}>{children}</td>;
}
