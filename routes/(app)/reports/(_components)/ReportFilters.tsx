import { Button, buttonClass } from "@/components/Button.tsx";
import { FilterChips } from "@/components/FilterChips.tsx";
import { FilterMenu } from "@/components/FilterMenu.tsx";
import { FieldMessage } from "@/components/FieldMessage.tsx";
import { Icon } from "@/components/Icon.tsx";
import { filterChips, tagsIn } from "@/routes/(app)/reports/(_data)/report_filters.ts";
import type { ReportPageData } from "@/routes/(app)/reports/(_data)/report_page.ts";
import { shownDays } from "@/routes/(app)/reports/(_data)/report_query.ts";

/** A GET form of all that a report can be asked for; the address is the report. Folds into one button on phones. */
export function ReportFilters({ data }: { data: ReportPageData }) {
  const { shape, filters, search, result, wrong } = data;
  const { from, to } = shownDays(search, result?.filters.period);
  const [tag = "", ...furtherTags] = tagsIn(search);
  const chips = filterChips(search, filters);
  return (
    <>
      <form class="filters report-filters" method="get" role="search" aria-label="Report">
        <input type="hidden" name="shown" value={`${from}_${to}`} />
        {search.get("sort") && <input type="hidden" name="sort" value={search.get("sort")!} />}
        <FilterMenu filter={shape.period} />
        <Day name="from" label="From" value={from} wrong={wrong.from} />
        <Day name="to" label="To" value={to} wrong={wrong.to} />
        <FilterMenu filter={shape.by} />
        {(result === null || result.by.name === "time") && <FilterMenu filter={shape.interval} />}
        <FilterMenu filter={shape.compare} />
        <details class="filters-more">
          <summary class={buttonClass({ children: true })}>
            <Icon name="filter" size="sm" />Filters{chips.length > 0 && ` (${chips.length})`}
          </summary>
          <div class="filters-body">
            {filters.map((filter) => <FilterMenu key={filter.name} filter={filter} />)}
            <input
              class="input"
              name="tag"
              value={tag}
              placeholder="Tag"
              aria-label="Tag"
              maxLength={40}
            />
            {furtherTags.map((one) => <input key={one} type="hidden" name="tag" value={one} />)}
            <FilterMenu filter={shape.timeZone} />
          </div>
        </details>
        <Button variant="secondary">Apply</Button>
      </form>
      {["from", "to"].map((name) => <FieldMessage key={name} name={name} message={wrong[name]} />)}
      {chips.length > 0 && <FilterChips chips={chips} />}
    </>
  );
}

function Day({ name, label, value, wrong }: {
  name: string;
  label: string;
  value: string;
  wrong: string | undefined;
}) {
  return (
    <label class="report-day">
      <span>{label}</span>
      <input
        class="input"
        type="date"
        id={`f-${name}`}
        name={name}
        value={value}
        aria-invalid={wrong ? "true" : undefined}
        aria-describedby={wrong ? `f-${name}-error` : undefined}
      />
    </label>
  );
}
