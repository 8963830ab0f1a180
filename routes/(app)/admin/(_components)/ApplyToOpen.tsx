/** Whether a new version of a policy or calendar also applies to open tickets. */
export function ApplyToOpen({ value, what }: { value: string | undefined; what: string }) {
  return (
    <fieldset class="field">
      <legend class="label">Open tickets</legend>
      <div class="choices">
        <label class="choice">
          <input type="radio" name="applyToOpen" value="false" checked={value !== "true"} />
          <span class="grow">
            Keep their current targets
            <span class="hint choice-note">
              The new version applies to new tickets only.
            </span>
          </span>
        </label>
        <label class="choice">
          <input type="radio" name="applyToOpen" value="true" checked={value === "true"} />
          <span class="grow">
            Switch to the new version
            <span class="hint choice-note">
              Within a minute, open tickets switch to the new{" "}
              {what}. Time already elapsed counts, so a ticket may be overdue immediately; past breaches
              remain.
            </span>
          </span>
        </label>
      </div>
    </fieldset>
  );
}
