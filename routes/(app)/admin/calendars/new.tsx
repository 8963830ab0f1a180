import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { officeHours } from "@/domain/sla/calendars/fields.ts";
import { createCalendar } from "@/domain/sla/calendars/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { nested } from "@/pages/nested.ts";
import { CalendarFields } from "./(_data)/calendar_form.ts";
import { CalendarForm } from "./(_components)/CalendarForm.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: (cx) => Promise.resolve({ start: officeHours(cx.actor.timeZone) }),
  title: "New calendar",
  schema: CalendarFields,
  prepare: (values) => nested(values, "week"),
  run: async (cx, input) => {
    const { name } = await createCalendar(cx, input);
    return { to: "/admin/calendars", flash: `Calendar “${name}” created. You can now use it in policies` };
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
