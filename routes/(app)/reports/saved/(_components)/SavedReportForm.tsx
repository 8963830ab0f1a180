import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FieldMessage } from "@/components/FieldMessage.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PRESET_LABELS, PRESETS } from "@/domain/reports/model/period.ts";
import type { SavedReport } from "@/domain/reports/saved/saved_report.ts";
import type { FormState } from "@/pages/forms.ts";
import { shownPeriod } from "@/routes/(app)/reports/saved/(_data)/saved_form.ts";
import { periodText } from "@/routes/(app)/reports/saved/(_data)/saved_wording.ts";
import { ScheduleFields } from "./ScheduleFields.tsx";

/** Name, period, sharing, schedule and recipients of a saved report. */
export function SavedReportForm({ saved, people, form, timeZone }: {
  saved: SavedReport;
  people: readonly { id: string; name: string }[];
  form: FormState;
  timeZone: string;
}) {
  const { query } = saved;
  const fixed = query.from !== undefined;
  const chosen = form.sent ? [form.sent.recipientIds ?? []].flat() : saved.recipients.map(({ id }) => id);
  return (
    <Card title="Report">
      <form class="form" id="saved-report" method="post">
        <HiddenFields form={form} version={saved.version} />
        <FormField form={form} name="name" label="Name" value={saved.name} maxLength={80} required />
        <div class="form-row">
          <FormField
            form={form}
            name="query.period"
            label="Period"
            kind="select"
            value={shownPeriod(query)}
            options={[
              ...(fixed ? [{ value: "", label: periodText(query) }] : []),
              ...PRESETS.map((preset) => ({ value: preset, label: PRESET_LABELS[preset] })),
            ]}
          />
          <FormField
            form={form}
            name="query.compare"
            label="Compare with"
            kind="select"
            value={query.compare ?? "none"}
            options={[
              { value: "none", label: "Nothing" },
              { value: "previous", label: "The period before" },
              { value: "year", label: "The same period last year" },
            ]}
            hint="Emails always compare"
          />
        </div>
        <FormField
          form={form}
          name="shared"
          label="Share with the help desk"
          kind="checkbox"
          checked={saved.shared}
          hint="Everyone on the help desk can open it, managers can change it"
        />
        <ScheduleFields form={form} schedule={saved.schedule} timeZone={timeZone} />
        <fieldset class="field" id="f-recipientIds" tabIndex={-1}>
          <legend class="label">Recipients</legend>
          <div class="recipients">
            {people.map(({ id, name }) => (
              <label key={id} class="check">
                <input type="checkbox" name="recipientIds" value={id} checked={chosen.includes(id)} />
                <span>{name}</span>
              </label>
            ))}
          </div>
          <p class="hint">Everyone receives the figures of the tickets that they can see themselves.</p>
          <FieldMessage name="recipientIds" message={form.errors.recipientIds} />
        </fieldset>
        <div class="form-actions">
          <Button variant="primary">Save changes</Button>
          <ButtonLink href="/reports/saved" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </Card>
  );
}
