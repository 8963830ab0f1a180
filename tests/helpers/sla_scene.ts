/** A desk that never closes, and tickets whose past can be made longer. */
import { assertEquals } from "./assert.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";

const DAY = [{ from: "00:00", to: "24:00" }];

/** Business hours around the clock. */
export const ALWAYS = {
  monday: DAY,
  tuesday: DAY,
  wednesday: DAY,
  thursday: DAY,
  friday: DAY,
  saturday: DAY,
  sunday: DAY,
};

/** Has the first policy of a desk count around the clock, with these minutes for every priority. */
export async function promise(
  admin: Client,
  { firstResponse, resolution }: { firstResponse: number; resolution: number },
): Promise<{ policy: string; calendar: string }> {
  const calendar = (await admin.get("/calendars")).body.items[0];
  const policy = (await admin.get("/sla-policies")).body.items[0];
  const hours = await admin.patch(`/calendars/${calendar.id}`, { version: calendar.version, week: ALWAYS });
  assertEquals(hours.status, 200);
  const each = (minutes: number) => ({
    low: minutes * 4,
    medium: minutes,
    high: minutes / 2,
    urgent: minutes / 4,
  });
  const targets = { firstResponse: each(firstResponse), resolution: each(resolution) };
  const edited = await admin.patch(`/sla-policies/${policy.id}`, { version: policy.version, targets });
  assertEquals(edited.status, 200);
  return { policy: policy.id, calendar: calendar.id };
}

/** Moves everything that happened to a ticket's clocks into the past, as if so many minutes had gone by. */
export async function passMinutes(desk: Desk, ticketId: string, minutes: number): Promise<void> {
  const back = "- make_interval(mins => $2::int)";
  await desk.look(`update sla_ledger set at = at ${back} where ticket_id = $1`, [ticketId, minutes]);
  await desk.look(
    `update sla_clocks set started_at = started_at ${back}, counted_at = counted_at ${back}, due_at = due_at ${back},
      warn_at = warn_at ${back}, late_warn_at = late_warn_at ${back}, breached_at = breached_at ${back},
      ended_at = ended_at ${back}
    where ticket_id = $1`,
    [ticketId, minutes],
  );
  await desk.look(
    `update tickets set sla_due_at = sla_due_at ${back}, sla_warn_at = sla_warn_at ${back},
      sla_breach_at = sla_breach_at ${back} where id = $1`,
    [ticketId, minutes],
  );
}
