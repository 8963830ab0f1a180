import { type ClockWords, formatMinutes } from "@/domain/sla/clock/wording.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { Time } from "./Time.tsx";
import type { Moment } from "./types.ts";

const GLYPHS: Record<ClockWords["glyph"], IconName> = {
  clock: "clock",
  alert: "alert",
  pause: "pause",
  check: "check",
  ban: "ban",
};

/** How a clock stands: word, glyph and tone all say it. */
export function SlaBadge({ words }: { words: ClockWords }) {
  return (
    <span class={`badge badge-glyph tone-${words.tone}`}>
      <Icon name={GLYPHS[words.glyph]} size="sm" />
      {words.word}
    </span>
  );
}

/** A clock of the service level: how it stands, when it is due, and how much of the target is used up. */
export function SlaClock({ label, words, due, elapsed, target }: {
  label: string;
  words: ClockWords;
  due: Moment | null;
  /** Business minutes. */
  elapsed: number;
  target: number;
}) {
  return (
    <div class={`sla-clock tone-${words.tone}`}>
      <div class="sla-clock-head">
        <span class="sla-clock-name">{label}</span>
        <SlaBadge words={words} />
      </div>
      <progress
        class="sla-bar"
        max={target}
        value={Math.min(elapsed, target)}
        aria-label={`${label}: time used`}
      />
      <div class="sla-clock-foot">
        <span>{formatMinutes(elapsed)} of {formatMinutes(target)}</span>
        {words.left && <strong class="sla-left">{words.left}</strong>}
      </div>
      {due && (
        <div class="sla-clock-due">
          Due <Time at={due} absolute />
        </div>
      )}
    </div>
  );
}

/** The clock of a ticket that is due next. */
export interface Due {
  words: ClockWords;
  at: Moment | null;
  /** What it is the clock of. */
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
      <Icon name={GLYPHS[words.glyph]} size="sm" label={words.word} />
      {words.word === "Paused" ? "Paused" : words.left}
    </span>
  );
}
