import { buttonClass } from "./Button.tsx";
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

/** A menu of checkboxes, or a select where one value is enough. */
export function FilterMenu({ filter }: { filter: Filter }) {
  return filter.multiple ? <Checkboxes filter={filter} /> : <Select filter={filter} />;
}

function Checkboxes({ filter }: { filter: Filter }) {
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

function Select({ filter }: { filter: Filter }) {
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
