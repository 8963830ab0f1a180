import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type CalendarResource, listCalendars } from "@/domain/sla/calendars/read.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { nextHoliday } from "./(_data)/calendar_form.ts";
import { weekLength, WeekPicture } from "./(_components)/WeekPicture.tsx";

interface Data {
  calendars: Page<CalendarResource>;
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Calendars";
    const query = Object.fromEntries(ctx.url.searchParams);
    const archived = query.archived === "true";
    return page(
      await load(ctx, async (cx) => ({
        calendars: await listCalendars(cx, { ...parse(PageOf, query), archived }),
        now: cx.now,
      }), MANAGERS),
    );
  },
});

export default define.page<typeof handler>(({ data: { calendars: { items, nextCursor }, now }, url }) => {
  const archived = url.searchParams.get("archived") === "true";
  return (
    <div class="page">
      <PageHeader
        title="Calendars"
        actions={
          <>
            <ButtonLink href="/admin/sla" icon="shield">SLA policies</ButtonLink>
            <ButtonLink href="/admin/calendars/new" icon="plus" variant="primary">New calendar</ButtonLink>
          </>
        }
      />
      <Tabs
        label="Lists"
        tabs={[
          { href: "/admin/calendars", label: "Active", current: !archived },
          { href: "/admin/calendars?archived=true", label: "Including archived", current: archived },
        ]}
      />
      {items.length > 0
        ? (
          <div class="columns">
            {items.map((calendar) => <CalendarCard key={calendar.id} calendar={calendar} now={now} />)}
          </div>
        )
        : (
          <EmptyState
            icon="clock"
            title="No calendars yet"
            actions={<ButtonLink href="/admin/calendars/new" icon="plus">Create calendar</ButtonLink>}
          >
            A calendar defines when a team works. SLA clocks only run during its hours.
          </EmptyState>
        )}
      <Pager
        firstHref={url.searchParams.has("cursor") ? hrefOf(archived) : undefined}
        nextHref={nextCursor ? hrefOf(archived, nextCursor) : undefined}
        shown={items.length > 0 ? `${items.length} shown` : undefined}
      />
    </div>
  );
});

function hrefOf(archived: boolean, cursor?: string): string {
  const query = new URLSearchParams({
    ...(archived ? { archived: "true" } : {}),
    ...(cursor ? { cursor } : {}),
  });
  return `/admin/calendars${query.size > 0 ? `?${query}` : ""}`;
}

function CalendarCard({ calendar, now }: { calendar: CalendarResource; now: string }) {
  const next = nextHoliday(calendar, now);
  return (
    <section class="card policy">
      <div class="card-header">
        <h2>
          <a href={`/admin/calendars/${calendar.id}`}>{calendar.name}</a>
        </h2>
        <span class="policy-marks">
          {calendar.archived && <Badge tone="amber">Archived</Badge>}
          <Badge>Version {calendar.version}</Badge>
        </span>
      </div>
      <p class="muted small">
        {calendar.timeZone.replaceAll("_", " ")} · {weekLength(calendar.week)} a week
      </p>
      <WeekPicture week={calendar.week} />
      <p class="muted small">
        {next
          ? `Next holiday: ${next.date}${next.name && `, ${next.name}`}`
          : "No upcoming holidays: public holidays count as business days"}
      </p>
    </section>
  );
}
