import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type CalendarResource, getCalendar } from "@/domain/sla/calendars/read.ts";
import { editCalendar } from "@/domain/sla/calendars/write.ts";
import { listPolicies } from "@/domain/sla/policies/read.ts";
import type { Named } from "@/domain/shared/types.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";
import { CalendarChange, calendarInput } from "./(_data)/calendar_form.ts";
import { CalendarForm } from "./(_components)/CalendarForm.tsx";
import { weekLength, WeekPicture } from "./(_components)/WeekPicture.tsx";

interface Data {
  calendar: CalendarResource;
  policies: Named[];
  form: FormState;
}

async function calendarData(ctx: Context<State>, form: FormState): Promise<Data> {
  const [calendar, { items }] = await load(
    ctx,
    (cx) => Promise.all([getCalendar(cx, idIn(ctx.params.calendar)), listPolicies(cx, { limit: 100 })]),
    MANAGERS,
  );
  ctx.state.title = calendar.name;
  return { calendar, policies: items.filter((policy) => policy.calendar.id === calendar.id), form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await calendarData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: CalendarChange,
      roles: MANAGERS,
      prepare: calendarInput,
      run: async (cx, input) => {
        const calendar = await editCalendar(cx, { ...input, id: idIn(ctx.params.calendar) });
        const flash = input.archived === undefined
          ? `Version ${calendar.version} of “${calendar.name}” now applies to new tickets${
            input.applyToOpen ? "; open tickets switch within a minute" : ""
          }`
          : calendar.archived
          ? `Calendar “${calendar.name}” archived`
          : `Calendar “${calendar.name}” restored`;
        return { to: "/admin/calendars", flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await calendarData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { calendar, policies, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={calendar.name}
      crumbs={[{ label: "Calendars", href: "/admin/calendars" }, { label: "Edit" }]}
      meta={
        <>
          {calendar.archived && <Badge tone="amber">Archived</Badge>}
          <Badge>Version {calendar.version}</Badge>
        </>
      }
    />
    {form.refusal?.code === "stale_version" && (
      <Banner kind="warning">
        Somebody changed this calendar meanwhile. What you typed is below: saving it replaces theirs.{" "}
        <ButtonLink href={`/admin/calendars/${calendar.id}`} size="sm">Show theirs</ButtonLink>
      </Banner>
    )}
    {calendar.archived
      ? (
        <Card title={`${calendar.timeZone.replaceAll("_", " ")} · ${weekLength(calendar.week)} a week`}>
          <FormErrors errors={Object.values(form.errors).map((message) => ({ field: "", message }))} />
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
