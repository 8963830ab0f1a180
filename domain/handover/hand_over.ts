import { sql } from "@/db/sql.ts";
import { act, type Actor, type Cx, type UserCx } from "@/domain/cx.ts";
import type { JobHandler } from "@/domain/jobs/claim.ts";
import { handOverSome } from "./hand_over_tickets.ts";
import { endHandover, lockHandover } from "./handovers.ts";

/** Tickets and watches per transaction: whoever wants to change one of them waits for it. */
const AT_ONCE = 25;
/** When to look again at tickets that others were writing to, in seconds. */
const LOCKED_WAIT = 1;
/** When to try tickets again that failed, and nothing else was left to do, in seconds. */
const FAILED_WAIT = 300;

/** A step of what somebody left behind; as many runs as it takes. It ends when they are back. */
export const handOver: JobHandler = async (request, { tenantId, id }) =>
  await act(request, { kind: "system", tenantId }, async (system) => {
    const handover = await lockHandover(system, id);
    if (!handover) return { note: "Nothing was left to hand over" };
    if (!handover.gone) {
      await endHandover(system, id);
      return { note: "They are back" };
    }
    const cx = await asDecider(system, handover.actorId);
    const to = await stillActive(cx, handover.to);
    const { tickets, watches, failed, more } = await handOverSome(cx, { ...handover, to }, AT_ONCE);
    if (!more) {
      await endHandover(cx, id);
      return {};
    }
    if (tickets + watches === 0) {
      return failed > 0
        ? { againIn: FAILED_WAIT, note: "What is left can't be handed over just now" }
        : { againIn: LOCKED_WAIT };
    }
    // Failures count against a step, not against however many there are.
    await cx.db.run(
      sql`update jobs set attempts = 1, lost = 0 where tenant_id = ${cx.tenant.id} and id = ${id}`,
    );
    return { againIn: 0 };
  });

/** They had the right to when they decided it, whatever they are by now. */
async function asDecider(cx: Cx, id: string): Promise<UserCx> {
  const person = await cx.db.first<Omit<Actor, "role" | "queueIds">>(
    sql`select id, name, email, locale, time_zone as "timeZone", 'system' as theme from users
      where tenant_id = ${cx.tenant.id} and id = ${id}`,
  );
  return { ...cx, actor: { ...person!, role: "ADMIN", queueIds: [] } };
}

/** Null, so that tickets go back to their queues, if who was to get them has left as well. */
async function stillActive(cx: Cx, id: string | null): Promise<string | null> {
  const person = await cx.db.first<{ id: string }>(sql`select id from users where tenant_id = ${cx.tenant.id}
    and id = ${id} and deactivated_at is null and role <> 'REQUESTER' for share`);
  return person?.id ?? null;
}
