import type { UserCx } from "@/domain/cx.ts";
import { listCalendars } from "@/domain/sla/calendars/read.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import type { Named } from "@/domain/shared/types.ts";

export interface PolicyChoices extends TicketChoices {
  calendars: Named[];
}

export async function policyChoices(cx: UserCx): Promise<PolicyChoices> {
  const [choices, { items }] = await Promise.all([
    ticketChoices(cx, { staff: true }),
    listCalendars(cx, { limit: 100 }),
  ]);
  return { ...choices, calendars: items.map(({ id, name }) => ({ id, name })) };
}
