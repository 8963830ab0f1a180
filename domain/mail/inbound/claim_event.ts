import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";

/** Days for which an event is known; the provider repeats one for a day, and people may by hand. */
const KNOWN_DAYS = 30;

/** Writes down that an event was taken. @returns false when it was before */
export async function claimEvent(cx: Cx, { id, kind }: { id: string; kind: string }): Promise<boolean> {
  const [claimed] = await inOrder(cx.db, [
    () =>
      cx.db.run(sql`insert into provider_events (tenant_id, id, kind) values (${cx.tenant.id}, ${id}, ${kind})
      on conflict do nothing`),
    () =>
      cx.db.run(sql`delete from provider_events
      where tenant_id = ${cx.tenant.id} and at < now() - make_interval(days => ${KNOWN_DAYS})`),
  ]);
  return claimed > 0;
}
