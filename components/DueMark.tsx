import type { ClockWords } from "@/domain/sla/clock/wording.ts";
import { Icon } from "./Icon.tsx";
import type { Moment } from "./types.ts";

/** The clock of a ticket that is due next. */
export interface Due {
  words: ClockWords;
  at: Moment | null;
  label: string;
}

/** When a ticket is due, for a cell of a list: never by colour alone. */
export function DueMark({ due }: { due: Due }) {
  const { words, at, label } = due;
  return (
    <span
      class={`due tone-${words.tone}`}
      title={`${label}: ${words.word}${at ? `, due ${at.absolute}` : ""}`}
    >
      <Icon name={words.glyph} size="sm" label={words.word} />
      {words.word === "Paused" ? "Paused" : words.left}
    </span>
  );
}
