import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";

/** The provider repeats events for a day, people may do so later. */
const KNOWN_DAYS = 30;

/** Claims an event of the provider. @returns false when it was claimed before */
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
