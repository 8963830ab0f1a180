import { ConflictNotice } from "@/components/ConflictNotice.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { EditTicket, editTicket } from "@/domain/tickets/edit.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { formPage } from "@/pages/form_page.ts";
import { EditForm } from "./(_components)/EditForm.tsx";
import { baseOf, conflictFields } from "./(_data)/edit_conflict.ts";

export const handler = formPage({
  load: async (cx, ctx) => {
    const [ticket, choices] = await Promise.all([
      getTicket(cx, ctx.params.key!),
      ticketChoices(cx, { staff: isStaff(cx.actor.role) }),
    ]);
    return { ticket, choices };
  },
  title: ({ ticket }) => `Edit ${ticket.key}`,
  schema: EditTicket,
  run: async (cx, { version = 0, ...edit }, ctx) => {
    const ticket = await editTicket(cx, { ...edit, version, id: ctx.params.key! });
    return await afterTicketChange(cx, ticket, { flash: "Saved" });
  },
});

export default define.page<typeof handler>(({ data: { ticket, choices, form }, state }) => {
  const href = `/tickets/${ticket.key}`;
  const staff = isStaff(state.viewer!.actor.role);
  return (
    <div class="page page-narrow">
      <PageHeader
        title={`Edit ${ticket.key}`}
        crumbs={[{ label: "Tickets", href: "/tickets" }, { label: ticket.key, href }, { label: "Edit" }]}
      />
      {form.refusal?.code === "stale_version"
        ? (
          <ConflictNotice
            action={`${href}/edit`}
            version={ticket.version}
            fields={conflictFields(ticket, form.values, choices)}
            hidden={{ base: baseOf(ticket) }}
            cancelHref={href}
          />
        )
        : <EditForm ticket={ticket} choices={choices} form={form} staff={staff} />}
    </div>
  );
});
