import { Button, buttonClass } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { Role } from "@/domain/cx.ts";
import { columnsFor, TICKET_COLUMNS, USUAL_COLUMNS } from "@/domain/tickets/export/columns.ts";

const SMALL = buttonClass({ children: true, size: "sm" });

/** All tickets of the list as a file, with the columns that are ticked. @param query of the list's address */
export function ExportMenu({ query, role }: { query: string; role: Role }) {
  return (
    <details class="menu" name="views">
      <summary class={SMALL}>
        <Icon name="download" size="sm" />Export
      </summary>
      <form class="menu-panel menu-panel-end menu-form" method="get" action="/tickets/export">
        {[...new URLSearchParams(query)].map(([name, value]) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
        <fieldset>
          <legend class="label">Columns</legend>
          <div class="menu-choices">
            {columnsFor(role).map((name) => (
              <label key={name} class="menu-item">
                <input type="checkbox" name="columns" value={name} checked={USUAL_COLUMNS.includes(name)} />
                {TICKET_COLUMNS[name].label}
              </label>
            ))}
          </div>
        </fieldset>
        <Button variant="primary" block name="format" value="csv">Download CSV</Button>
        <Button block name="format" value="json">Download JSON</Button>
      </form>
    </details>
  );
}
