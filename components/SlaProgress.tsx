import { type ClockWords, formatMinutes } from "@/domain/sla/clock/wording.ts";
import { Icon } from "./Icon.tsx";
import { Time } from "./Time.tsx";
import type { Moment } from "./types.ts";

/** An SLA clock: its state by word, glyph and tone, and how much has elapsed of its target, in business minutes. */
export function SlaProgress({ label, words, due, elapsed, target }: {
  label: string;
  words: ClockWords;
  due: Moment | null;
  elapsed: number;
  target: number;
}) {
  return (
    <div class={`sla-clock tone-${words.tone}`}>
      <div class="sla-clock-head">
        <span class="sla-clock-name">{label}</span>
        <span class={`badge badge-glyph tone-${words.tone}`}>
          <Icon name={words.glyph} size="sm" />
          {words.word}
        </span>
      </div>
      <progress
        class="sla-bar"
        max={target}
        value={Math.min(elapsed, target)}
        aria-label={`${label}: time elapsed`}
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
