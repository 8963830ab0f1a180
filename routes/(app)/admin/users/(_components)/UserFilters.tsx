import { Button } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { ROLE_LABELS } from "@/components/labels.ts";
import type { Option } from "@/components/types.ts";

const ROLES: Option[] = Object.entries(ROLE_LABELS).map(([value, label]) => ({ value, label }));
const STATES: Option[] = [{ value: "true", label: "Active" }, { value: "false", label: "Deactivated" }];

export function UserFilters({ search }: { search: URLSearchParams }) {
  return (
    <form class="filters" method="get" action="/admin/users" role="search" aria-label="Filter people">
      <span class="search">
        <Icon name="search" size="sm" />
        <input
          class="input"
          type="search"
          name="q"
          value={search.get("q") ?? ""}
          maxLength={100}
          placeholder="Name or email"
          aria-label="Name or email"
        />
      </span>
      <Choice name="role" label="Role" any="Any role" options={ROLES} search={search} />
      <Choice name="active" label="State" any="Any state" options={STATES} search={search} />
      <Button>Apply</Button>
    </form>
  );
}

function Choice({ name, label, any, options, search }: {
  name: string;
  label: string;
  any: string;
  options: Option[];
  search: URLSearchParams;
}) {
  return (
    <span class="select">
      <select class="input" name={name} aria-label={label}>
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={search.get(name) === option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevronDown" size="sm" />
    </span>
  );
}
