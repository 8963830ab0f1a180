import { describedBy, FieldNotes } from "./FieldNotes.tsx";
import { Icon } from "./Icon.tsx";

const WORDS = ["Bad", "Poor", "Fair", "Good", "Excellent"];
const SCORES = [1, 2, 3, 4, 5];

/** A score as stars, with the figure in words. */
export function Stars({ score }: { score: number }) {
  return (
    <span class="stars">
      {SCORES.map((value) => (
        <span key={value} class={value <= score ? "star star-full" : "star"} aria-hidden="true">
          <Icon name="star" />
        </span>
      ))}
      <span class="stars-word">{score} of 5, {WORDS[score - 1]?.toLowerCase()}</span>
    </span>
  );
}

/** Five stars to choose from: radio buttons, so that arrow keys and screen readers work; `value` 0 is none yet. */
export function StarInput({ name, legend, value, error }: {
  name: string;
  legend: string;
  value: number;
  error?: string | undefined;
}) {
  return (
    <fieldset class="field" aria-describedby={describedBy(`f-${name}`, { error })}>
      <legend class="label">{legend}</legend>
      <span class="stars star-input">
        {SCORES.map((score) => (
          <label key={score} class="star" title={WORDS[score - 1]}>
            <input
              class="visually-hidden"
              type="radio"
              id={score === 1 ? `f-${name}` : undefined}
              name={name}
              value={score}
              checked={score === value}
              required
            />
            <Icon name="star" size="lg" />
            <span class="visually-hidden">{score}: {WORDS[score - 1]}</span>
          </label>
        ))}
      </span>
      <FieldNotes id={`f-${name}`} error={error} />
    </fieldset>
  );
}
