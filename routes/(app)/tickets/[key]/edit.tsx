import { page } from "fresh";
import { ConflictNotice } from "@/components/ConflictNotice.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { EditTicket, editTicket } from "@/domain/tickets/edit.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { baseOf, conflictFields, EditForm } from "./(_components)/EditForm.tsx";

interface Data {
  ticket: Ticket;
  choices: TicketChoices;
  form: FormState;
}

async function loadForm(ctx: Parameters<typeof load>[0], form: FormState): Promise<Data> {
  const data = await load(ctx, async (cx) => {
    const staff = isStaff(cx.actor.role);
    const [ticket, choices] = await Promise.all([
      getTicket(cx, ctx.params.key!),
      ticketChoices(cx, { staff }),
    ]);
    return { ticket, choices, form };
  });
  ctx.state.title = `Edit ${data.ticket.key}`;
  return data;
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await loadForm(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: EditTicket,
      run: async (cx, { version = 0, ...edit }) => {
        const ticket = await editTicket(cx, { ...edit, version, id: ctx.params.key! });
        return { to: `/tickets/${ticket.key}`, flash: "Saved" };
      },
    });
    if (result instanceof Response) return result;
    return page(await loadForm(ctx, result.form), { status: result.status });
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
