import { ButtonLink } from "./Button.tsx";
import { Icon } from "./Icon.tsx";

/** A filter that is on, with the address of the list without it. */
export interface FilterChip {
  label: string;
  removeHref: string;
}

export function FilterChips({ chips, clearHref }: { chips: FilterChip[]; clearHref?: string | undefined }) {
  return (
    <div class="chips">
      {chips.map((chip) => (
        <a
          key={chip.removeHref}
          class="chip"
          href={chip.removeHref}
          aria-current="false"
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
