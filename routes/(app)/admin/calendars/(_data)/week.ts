import { type CalendarDefinition, minutesOfWeek, type Weekday } from "@/domain/sla/clock/calendar.ts";
import { formatMinutes } from "@/domain/sla/clock/wording.ts";

export const DAY_LABELS: Readonly<Record<Weekday, string>> = {
  monday: "Monday",
  tuesday: "Tuesday",
  wednesday: "Wednesday",
  thursday: "Thursday",
  friday: "Friday",
  saturday: "Saturday",
  sunday: "Sunday",
};

/** Zone and business time per week: "Europe/Vienna · 40 h a week". */
export function hoursText({ timeZone, week }: CalendarDefinition): string {
  return `${timeZone.replaceAll("_", " ")} · ${weekLength(week)} a week`;
}

export function weekLength(week: CalendarDefinition["week"]): string {
  return formatMinutes(minutesOfWeek(week).reduce((sum, [from, to]) => sum + to - from, 0));
}
