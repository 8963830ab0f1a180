import type { Choice, ChoiceGroup } from "@/domain/search/wording.ts";
import { Icon } from "./Icon.tsx";
import { MarkedText } from "./MarkedText.tsx";

/** The id of a choice in its list, by its place among all groups. */
export function choiceId(list: string, at: number): string {
  return `${list}-${at}`;
}

/** The next place for an arrow key, from the end to the start; -1 is the text field itself. */
export function moved(at: number, by: 1 | -1, count: number): number {
  const next = at + by;
  return next < -1 ? count - 1 : next >= count ? -1 : next;
}

/** Choices below a text field with the role combobox (ARIA Authoring Practices): the field keeps the focus. */
export function ChoiceList({ id, label, groups, active, onActive }: {
  id: string;
  label: string;
  groups: ChoiceGroup[];
  /** Place of the active choice among all groups; -1 for none. */
  active: number;
  onActive: (at: number) => void;
}) {
  let at = -1;
  return (
    <div class="picks" role="listbox" id={id} aria-label={label}>
      {groups.map((group, g) => (
        <div key={group.label} role="group" aria-labelledby={group.label ? `${id}-g${g}` : undefined}>
          {group.label && <p class="picks-label" id={`${id}-g${g}`} role="presentation">{group.label}</p>}
          {group.choices.map((choice) => {
            const place = ++at;
            return (
              <ChoiceLink
                key={choice.href + place}
                id={choiceId(id, place)}
                choice={choice}
                active={place === active}
                onActive={() => onActive(place)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

function ChoiceLink({ id, choice, active, onActive }: {
  id: string;
  choice: Choice;
  active: boolean;
  onActive: () => void;
}) {
  return (
    <a
      id={id}
      class="pick"
      role="option"
      aria-selected={active}
      href={choice.href}
      tabIndex={-1}
      onMouseMove={onActive}
      // The field keeps the focus, so that the list stays open for the click.
      onMouseDown={(event) => event.preventDefault()}
    >
      <Icon name={choice.icon} size="sm" />
      {choice.code && <span class="ticket-key">{choice.code}</span>}
      <span class="pick-label">
        <MarkedText marked={choice.label} />
      </span>
      {choice.detail && <span class="pick-detail">{choice.detail}</span>}
    </a>
  );
}
