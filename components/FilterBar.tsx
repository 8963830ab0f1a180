import { Button, buttonClass, ButtonLink } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import type { Option } from "./types.ts";

/** One thing to filter by. `any` names the empty choice of a single one: "Any queue". */
export interface Filter {
  name: string;
  label: string;
  options: Option[];
  selected: string[];
  multiple?: boolean | undefined;
  any?: string | undefined;
}

/** A filter that is on, with the address of the list without it. */
export interface FilterChip {
  label: string;
  removeHref: string;
}

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
            {filters.map((filter) =>
              filter.multiple
                ? <MultiFilter key={filter.name} filter={filter} />
                : <SingleFilter key={filter.name} filter={filter} />
            )}
            {sort && (
              <SingleFilter
                filter={{ name: "sort", label: "Sort by", options: sort.options, selected: [sort.value] }}
              />
            )}
            <Button variant="secondary">Apply</Button>
          </div>
        </details>
      </form>
      {chips.length > 0 && <Chips chips={chips} clearHref={clearHref} />}
    </>
  );
}

function MultiFilter({ filter }: { filter: Filter }) {
  const count = filter.selected.length;
  return (
    <details class="menu" name="filter">
      <summary class={buttonClass({ children: true })}>
        <span>{filter.label}{count > 0 && <span class="num">: {count}</span>}</span>
        <Icon name="chevronDown" size="sm" />
      </summary>
      <fieldset class="menu-panel" aria-label={filter.label}>
        {filter.options.map((option) => (
          <label key={option.value} class="menu-item">
            <input
              type="checkbox"
              name={filter.name}
              value={option.value}
              checked={filter.selected.includes(option.value)}
            />
            {option.label}
            {option.count !== undefined && <span class="nav-count">{option.count}</span>}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

function SingleFilter({ filter }: { filter: Filter }) {
  return (
    <span class="select">
      <select class="input" name={filter.name} aria-label={filter.label}>
        {filter.any && <option value="">{filter.any}</option>}
        {filter.options.map((option) => (
          <option key={option.value} value={option.value} selected={filter.selected.includes(option.value)}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevronDown" size="sm" />
    </span>
  );
}

function Chips({ chips, clearHref }: { chips: FilterChip[]; clearHref?: string | undefined }) {
  return (
    <div class="chips">
      {chips.map((chip) => (
        <a
          key={chip.removeHref}
          class="chip"
          href={chip.removeHref}
          aria-label={`Remove filter ${chip.label}`}
        >
          {chip.label}
          <Icon name="close" size="sm" />
        </a>
      ))}
      {clearHref && <ButtonLink href={clearHref} variant="quiet" size="sm">Clear all</ButtonLink>}
    </div>
  );
}
