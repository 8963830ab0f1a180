import { page } from "fresh";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { officeHours } from "@/domain/sla/calendars/fields.ts";
import { createCalendar } from "@/domain/sla/calendars/write.ts";
import type { CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { CalendarFields, calendarInput } from "./(_data)/calendar_form.ts";
import { CalendarForm } from "./(_components)/CalendarForm.tsx";

interface Data {
  start: CalendarDefinition;
  form: FormState;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "New calendar";
    const zone = await load(ctx, (cx) => Promise.resolve(cx.actor.timeZone), MANAGERS);
    return page({ start: officeHours(zone), form: EMPTY_FORM });
  },
  async POST(ctx) {
    ctx.state.title = "New calendar";
    const result = await submit(ctx, {
      schema: CalendarFields,
      roles: MANAGERS,
      prepare: calendarInput,
      run: async (cx, input) => {
        const calendar = await createCalendar(cx, input);
        return {
          to: "/admin/calendars",
          flash: `Calendar “${calendar.name}” created. You can now use it in policies`,
        };
      },
    });
    if (result instanceof Response) return result;
    const zone = ctx.state.viewer!.actor.timeZone;
    return page({ start: officeHours(zone), form: result.form }, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { start, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title="New calendar"
      crumbs={[{ label: "Calendars", href: "/admin/calendars" }, { label: "New" }]}
    />
    <CalendarForm start={start} form={form} />
  </div>
));
