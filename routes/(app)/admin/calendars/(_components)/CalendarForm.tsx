import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FieldMessage } from "@/components/FieldMessage.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { CalendarResource } from "@/domain/sla/calendars/read.ts";
import { parseWeek } from "@/domain/sla/calendars/text.ts";
import { type CalendarDefinition, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import type { FormState } from "@/pages/forms.ts";
import { zoneOptions } from "@/routes/(app)/profile/(_data)/choices.ts";
import { ApplyToOpen } from "@/routes/(app)/admin/(_components)/ApplyToOpen.tsx";
import {
  calendarValues,
  fieldErrors,
  listedErrors,
} from "@/routes/(app)/admin/calendars/(_data)/calendar_form.ts";
import { DAY_LABELS, weekLength } from "@/routes/(app)/admin/calendars/(_data)/week.ts";
import { WeekPicture } from "./WeekPicture.tsx";

/** Time zone, business hours and holidays; `start` holds the defaults of a new calendar. */
export function CalendarForm({ calendar, start, form }: {
  calendar?: CalendarResource;
  start?: CalendarDefinition;
  form: FormState;
}) {
  const values = { ...calendarValues(calendar ?? { ...start!, name: "" }), ...form.values };
  const shown = { ...form, values, errors: fieldErrors(form.errors) };
  const week = parseWeek(values);
  return (
    <>
      <ErrorList form={{ errors: listedErrors(shown.errors) }} />
      <form class="form" id="calendar" method="post">
        <HiddenFields form={form} version={calendar?.version} once={!calendar} />
        <div class="form-row">
          <FormField
            form={shown}
            name="name"
            label="Name"
            maxLength={120}
            autoFocus={!calendar && !form.refusal}
            required
          />
          <FormField
            form={shown}
            name="timeZone"
            label="Time zone"
            kind="select"
            options={zoneOptions(values.timeZone ?? "UTC")}
          />
        </div>
        <Card title="Business hours">
          <p class="hint">
            For example <code>09:00-17:00</code> or{" "}
            <code>09:00-12:30, 13:30-17:30</code>. Leave a day empty if it is closed. A whole day is{" "}
            <code>00:00-24:00</code>; <code>22:00-06:00</code> ends on the next day.
          </p>
          <div class="week-fields">
            {WEEKDAYS.map((day) => (
              <FormField
                key={day}
                form={shown}
                name={`week.${day}`}
                label={DAY_LABELS[day]}
                placeholder="Closed"
                maxLength={200}
                autoComplete="off"
              />
            ))}
          </div>
          <FieldMessage name="week" message={shown.errors.week} />
          {week && (
            <figure class="week-figure">
              <figcaption class="hint">
                {calendar && !form.refusal ? "Current week" : "Week as entered"}: {weekLength(week)}
              </figcaption>
              <WeekPicture week={week} />
            </figure>
          )}
        </Card>
        <Card title="Holidays">
          <FormField
            form={shown}
            name="holidays"
            label="Closed days"
            kind="textarea"
            rows={6}
            hint={
              <>
                One per line, such as{" "}
                <code>2026-12-25 Christmas Day</code>. SLA clocks stop for the whole day, or for the hours
                that you add: <code>2026-12-24 12:00-24:00 Christmas Eve</code>.
              </>
            }
            optional
          />
        </Card>
        {calendar && <ApplyToOpen value={values.applyToOpen} what="hours" />}
        <div class="form-actions">
          <Button variant="primary">{calendar ? "Save new version" : "Create calendar"}</Button>
          <ButtonLink href="/admin/calendars" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}
