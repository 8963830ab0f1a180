import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { type CalendarResource, listCalendars } from "@/domain/sla/calendars/read.ts";
import { formatHolidays } from "@/domain/sla/calendars/text.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { ArchivableList } from "@/routes/(app)/admin/(_components)/ArchivableList.tsx";
import { VersionedCard } from "@/routes/(app)/admin/(_components)/VersionedCard.tsx";
import { nextHoliday } from "./(_data)/calendar_form.ts";
import { hoursText } from "./(_data)/week.ts";
import { WeekPicture } from "./(_components)/WeekPicture.tsx";

interface Data {
  calendars: Page<CalendarResource>;
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Calendars";
    const query = parse(PageOf.extend(withArchived), Object.fromEntries(ctx.url.searchParams));
    return page(
      await load(
        ctx,
        async (cx) => ({ calendars: await listCalendars(cx, query), now: cx.now }),
        MANAGERS,
      ),
    );
  },
});

export default define.page<typeof handler>(({ data: { calendars, now }, url }) => (
  <ArchivableList
    title="Calendars"
    url={url}
    list={calendars}
    create="New calendar"
    actions={<ButtonLink href="/admin/sla" icon="shield">SLA policies</ButtonLink>}
    empty={{
      icon: "clock",
      title: "No calendars yet",
      text: "A calendar defines when a team works. SLA clocks only run during its hours.",
    }}
  >
    {(items) => (
      <div class="columns">
        {items.map((calendar) => <CalendarCard key={calendar.id} calendar={calendar} now={now} />)}
      </div>
    )}
  </ArchivableList>
));

function CalendarCard({ calendar, now }: { calendar: CalendarResource; now: string }) {
  const next = nextHoliday(calendar, now);
  return (
    <VersionedCard {...calendar} href={`/admin/calendars/${calendar.id}`}>
      <p class="muted small">{hoursText(calendar)}</p>
      <WeekPicture week={calendar.week} />
      <p class="muted small">
        {next
          ? `Next holiday: ${formatHolidays([next])}`
          : "No upcoming holidays: public holidays count as business days"}
      </p>
    </VersionedCard>
  );
}
