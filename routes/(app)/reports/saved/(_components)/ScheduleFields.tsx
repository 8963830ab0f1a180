import { FormField } from "@/components/FormField.tsx";
import type { Option } from "@/components/types.ts";
import type { Schedule } from "@/domain/reports/saved/schedule.ts";
import { LAST_DAY_OF_ALL, WEEKDAYS } from "@/domain/reports/saved/schedule.ts";
import type { FormState } from "@/pages/forms.ts";

const EVERY: Option[] = [
  { value: "", label: "Not scheduled" },
  { value: "day", label: "Every day" },
  { value: "week", label: "Every week" },
  { value: "month", label: "Every month" },
];
const HOURS: Option[] = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, "0")}:00`,
}));
const DAYS: Option[] = [
  ...Array.from({ length: LAST_DAY_OF_ALL }, (_, i) => ({ value: String(i + 1), label: String(i + 1) })),
  { value: "last", label: "Last day" },
];
const WEEKDAY_OPTIONS: Option[] = WEEKDAYS.map((day) => ({
  value: day,
  label: day[0]!.toUpperCase() + day.slice(1),
}));

/** When a report is mailed. The day of the week or month is asked for where it counts. */
export function ScheduleFields({ form, schedule, timeZone }: {
  form: FormState;
  schedule: Schedule | null;
  timeZone: string;
}) {
  return (
    <div class="schedule-fields form-row">
      <FormField
        form={form}
        name="schedule.every"
        label="Send by email"
        kind="select"
        value={schedule?.every ?? ""}
        options={EVERY}
      />
      <div class="for-week">
        <FormField
          form={form}
          name="schedule.weekday"
          label="On"
          kind="select"
          value={schedule?.weekday ?? "monday"}
          options={WEEKDAY_OPTIONS}
        />
      </div>
      <div class="for-month">
        <FormField
          form={form}
          name="schedule.day"
          label="On day"
          kind="select"
          value={String(schedule?.day ?? 1)}
          options={DAYS}
        />
      </div>
      <div class="for-any">
        <FormField
          form={form}
          name="schedule.hour"
          label="At"
          kind="select"
          value={String(schedule?.hour ?? 8)}
          options={HOURS}
          hint={`Time zone: ${timeZone}`}
        />
      </div>
    </div>
  );
}
