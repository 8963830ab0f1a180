import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { getCalendar } from "@/domain/sla/calendars/read.ts";
import { editCalendar } from "@/domain/sla/calendars/write.ts";
import { listPolicies } from "@/domain/sla/policies/read.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { nested } from "@/pages/nested.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { VersionBadges } from "@/routes/(app)/admin/(_components)/VersionedCard.tsx";
import { versionFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";
import { CalendarChange } from "./(_data)/calendar_form.ts";
import { hoursText } from "./(_data)/week.ts";
import { CalendarForm } from "./(_components)/CalendarForm.tsx";
import { WeekPicture } from "./(_components)/WeekPicture.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: async (cx, ctx) => {
    const [calendar, { items }] = await Promise.all([
      getCalendar(cx, idParam(ctx, "calendar")),
      listPolicies(cx, { limit: 100 }),
    ]);
    return { calendar, policies: items.filter((policy) => policy.calendar.id === calendar.id) };
  },
  title: ({ calendar }) => calendar.name,
  schema: CalendarChange,
  prepare: (values) => nested(values, "week"),
  run: async (cx, input, ctx) => {
    const calendar = await editCalendar(cx, { ...input, id: idParam(ctx, "calendar") });
    return { to: "/admin/calendars", flash: versionFlash("Calendar", calendar, input) };
  },
});

export default define.page<typeof handler>(({ data: { calendar, policies, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={calendar.name}
      crumbs={[{ label: "Calendars", href: "/admin/calendars" }, { label: "Edit" }]}
      meta={<VersionBadges {...calendar} />}
    />
    <StaleNotice form={form} href={`/admin/calendars/${calendar.id}`} />
    {calendar.archived
      ? (
        <Card title={hoursText(calendar)}>
          <ErrorList form={form} unlinked />
          <WeekPicture week={calendar.week} />
        </Card>
      )
      : <CalendarForm calendar={calendar} form={form} />}
    <Card title="Policies using this calendar">
      {policies.length > 0
        ? (
          <ul class="plain policy-users">
            {policies.map(({ id, name }) => (
              <li key={id}>
                <a href={`/admin/sla/${id}`}>{name}</a>
              </li>
            ))}
          </ul>
        )
        : <p class="muted">None yet. Choose this calendar in an SLA policy.</p>}
    </Card>
    <ArchiveCard archived={calendar.archived} version={calendar.version}>
      {calendar.archived
        ? "Policies can't use it. Restore it to edit it."
        : "New policies can't use an archived calendar. A calendar that a policy uses can't be archived."}
    </ArchiveCard>
  </div>
));
