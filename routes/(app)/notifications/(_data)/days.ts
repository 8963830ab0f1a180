import type { Notification } from "@/domain/notifications/inbox/list.ts";
import type { Reader } from "@/domain/shared/moment.ts";

/** What happened on one day of the reader's calendar. */
export interface Day {
  label: string;
  items: Notification[];
}

/** Notifications by day, in the order they are in; today and yesterday by name. */
export function byDay(items: Notification[], reader: Reader, now: string): Day[] {
  const { locale, timeZone } = reader;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone });
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
  const days: Day[] = [];
  for (const item of items) {
    const date = Temporal.Instant.from(item.createdAt).toZonedDateTimeISO(timeZone).toPlainDate();
    const ago = date.until(today).days;
    const label = ago === 0 ? "Today" : ago === 1 ? "Yesterday" : day.format(new Date(item.createdAt));
    if (days.at(-1)?.label !== label) days.push({ label, items: [] });
    days.at(-1)!.items.push(item);
  }
  return days;
}
