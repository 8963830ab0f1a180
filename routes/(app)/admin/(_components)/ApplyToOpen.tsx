/** Whether a new version of a promise, or of the hours it is counted by, holds for tickets that are open now. */
export function ApplyToOpen({ value, what }: { value: string | undefined; what: string }) {
  return (
    <fieldset class="field">
      <legend class="label">Tickets that are open now</legend>
      <div class="choices">
        <label class="choice">
          <input type="radio" name="applyToOpen" value="false" checked={value !== "true"} />
          <span class="grow">
            Keep what they were promised
            <span class="hint choice-note">
              The new version is for tickets that are raised from now on.
            </span>
          </span>
        </label>
        <label class="choice">
          <input type="radio" name="applyToOpen" value="true" checked={value === "true"} />
          <span class="grow">
            Follow the new version
            <span class="hint choice-note">
              Within a minute their clocks go on by the new{" "}
              {what}. Time that is used up counts, so a ticket can be late at once; what was breached stays
              so. Every ticket's ledger says it.
            </span>
          </span>
        </label>
      </div>
    </fieldset>
  );
}
