import { Button, buttonClass } from "./Button.tsx";
import { type FilterChip, FilterChips } from "./FilterChips.tsx";
import { type Filter, FilterMenu } from "./FilterMenu.tsx";
import { Icon } from "./Icon.tsx";
import type { Option } from "./types.ts";

/** A GET form over the list, and chips of what is on. Folds into one button on phones. */
export function FilterBar({ action, hidden = {}, q, filters, sort, chips = [], clearHref }: {
  action: string;
  /** Sent with every filter. */
  hidden?: Record<string, string> | undefined;
  q?: string | undefined;
  filters: Filter[];
  sort?: { value: string; options: Option[] } | undefined;
  chips?: FilterChip[] | undefined;
  clearHref?: string | undefined;
}) {
  return (
    <>
      <form class="filters" method="get" action={action} role="search" aria-label="Filter tickets">
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <span class="search">
          <Icon name="search" size="sm" />
          <input
            class="input"
            type="search"
            name="q"
            value={q}
            placeholder="Filter by text"
            aria-label="Text"
          />
        </span>
        <details class="filters-more">
          <summary class={buttonClass({ children: true })}>
            <Icon name="filter" size="sm" />Filters{chips.length > 0 && ` (${chips.length})`}
          </summary>
          <div class="filters-body">
            {filters.map((filter) => <FilterMenu key={filter.name} filter={filter} />)}
            {sort && (
              <FilterMenu
                filter={{ name: "sort", label: "Sort by", options: sort.options, selected: [sort.value] }}
              />
            )}
            <Button variant="secondary">Apply</Button>
          </div>
        </details>
      </form>
      {chips.length > 0 && <FilterChips chips={chips} clearHref={clearHref} />}
    </>
  );
}
