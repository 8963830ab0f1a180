import { INK, LINE, SOFT } from "./colours.ts";
import type { MailContent } from "./mail_content.ts";

/** A table of figures, each row named by its first cell. */
export function Figures({ columns, rows }: NonNullable<MailContent["table"]>) {
  const cell = {
    padding: "7px 0 7px 12px",
    fontSize: "14px",
    borderTop: `1px solid ${LINE}`,
    textAlign: "end",
  };
  const name = { ...cell, padding: "7px 0", textAlign: "start", fontWeight: "400" };
  return (
    <table
      width="100%"
      cellPadding="0"
      cellSpacing="0"
      style={{ margin: "0 0 20px", borderCollapse: "collapse" }}
    >
      <thead>
        <tr>
          <td style={{ padding: "7px 0" }} />
          {columns.map((column) => (
            <th key={column} class="label" scope="col" style={{ ...cell, border: "0", color: SOFT }}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, ...cells]) => (
          <tr key={label}>
            <th class="value" scope="row" style={{ ...name, color: INK }}>{label}</th>
            {cells.map((text, i) => <td key={i} class="value" style={{ ...cell, color: INK }}>{text}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
