import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field, fieldId, type FieldProps } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { CalendarResource } from "@/domain/sla/calendars/read.ts";
import { parseWeek } from "@/domain/sla/calendars/text.ts";
import { type CalendarDefinition, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import type { FormState } from "@/pages/forms.ts";
import { zoneOptions } from "@/routes/(app)/profile/(_data)/choices.ts";
import { ApplyToOpen } from "@/routes/(app)/admin/(_components)/ApplyToOpen.tsx";
import { calendarValues, fieldErrors } from "@/routes/(app)/admin/calendars/(_data)/calendar_form.ts";
import { DAY_LABELS } from "@/routes/(app)/admin/calendars/(_data)/days.ts";
import { weekLength, WeekPicture } from "./WeekPicture.tsx";

/** Time zone, business hours and holidays; `start` holds the defaults of a new calendar. */
export function CalendarForm({ calendar, start, form }: {
  calendar?: CalendarResource;
  start?: CalendarDefinition;
  form: FormState;
}) {
  const present = calendar ?? { ...start!, name: "" };
  const values: Record<string, string> = { ...calendarValues(present), ...form.values };
  const errors = fieldErrors(form.errors);
  const week = parseWeek(values);
  const field = (name: string, props: Omit<FieldProps, "name" | "value" | "error">) => (
    <Field name={name} value={values[name] ?? ""} error={errors[name]} {...props} />
  );
  return (
    <>
      <FormErrors
        errors={Object.entries(errors).map(([name, message]) => ({
          field: name === "week" ? "week.monday" : name,
          message: name.startsWith("week.") ? `${labelOf(name)}: ${message}` : message,
        }))}
      />
      <form class="form" id="calendar" method="post">
        {calendar ? <input type="hidden" name="version" value={calendar.version} /> : (
          <input
            type="hidden"
            name="idempotencyKey"
            value={values.idempotencyKey ?? crypto.randomUUID()}
          />
        )}
        <div class="form-row">
          {field("name", {
            label: "Name",
            maxLength: 120,
            required: true,
            autoFocus: !calendar && !form.refusal,
          })}
          {field("timeZone", {
            label: "Time zone",
            kind: "select",
            options: zoneOptions(values.timeZone ?? "UTC"),
          })}
        </div>
        <Card title="Business hours">
          <p class="hint">
            For example <code>09:00-17:00</code> or{" "}
            <code>09:00-12:30, 13:30-17:30</code>. Leave a day empty if it is closed. A whole day is{" "}
            <code>00:00-24:00</code>; <code>22:00-06:00</code> ends on the next day.
          </p>
          <div class="week-fields">
            {WEEKDAYS.map((day) => (
              <Field
                key={day}
                name={`week.${day}`}
                label={DAY_LABELS[day]}
                value={values[`week.${day}`] ?? ""}
                error={errors[`week.${day}`]}
                placeholder="Closed"
                maxLength={200}
                autoComplete="off"
              />
            ))}
          </div>
          {errors.week && (
            <p class="field-error" id={`${fieldId("week")}-error`}>
              <Icon name="alert" size="sm" />
              <span>{errors.week}</span>
            </p>
          )}
          {week && (
            <figure class="week-figure">
              <figcaption class="hint">
                {calendar && form.refusal === undefined ? "Current week" : "Week as entered"}:{" "}
                {weekLength(week)}
              </figcaption>
              <WeekPicture week={week} />
            </figure>
          )}
        </Card>
        <Card title="Holidays">
          {field("holidays", {
            label: "Closed days",
            kind: "textarea",
            rows: 6,
            optional: true,
            hint: (
              <>
                One per line, such as{" "}
                <code>2026-12-25 Christmas Day</code>. SLA clocks stop all day in the calendar's time zone.
              </>
            ),
          })}
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

function labelOf(name: string): string {
  return DAY_LABELS[name.slice("week.".length) as keyof typeof DAY_LABELS] ?? name;
}
