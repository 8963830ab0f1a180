import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { Calendar, type CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import type { PolicyTargets, SlaVersions } from "@/domain/sla/clock/ledger.ts";

/** Versions cached per process. */
const MOST_KEPT = 5_000;

// Versions are immutable, so cached ones never go stale. Ids are unique across tenants.
const calendars = new Map<string, Calendar>();
const policies = new Map<string, PolicyTargets>();

function keep<T>(kept: Map<string, T>, id: string, value: T): T {
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
  kept.set(id, value);
  return value;
}

export function cachedCalendar(calendarVersionId: string): Calendar | undefined {
  return calendars.get(calendarVersionId);
}

export function cacheTargets(policyVersionId: string, targets: PolicyTargets): void {
  if (!policies.has(policyVersionId)) keep(policies, policyVersionId, targets);
}

/** From the cache or the database. `ids` are versions of the tenant's own calendars and policies. */
export async function loadVersions(
  cx: Cx,
  ids: { calendars?: Iterable<string>; policies?: Iterable<string> },
): Promise<SlaVersions> {
  const [byCalendar, byPolicy] = await Promise.all([
    gather(calendars, ids.calendars ?? [], async (missing) => {
      const rows = await cx.db.rows<{ id: string; definition: CalendarDefinition }>(
        sql`select id, definition from calendar_versions
          where tenant_id = ${cx.tenant.id} and id = any(${missing}::uuid[])`,
      );
      return rows.map(({ id, definition }) => [id, new Calendar(definition)]);
    }),
    gather(policies, ids.policies ?? [], async (missing) => {
      const rows = await cx.db.rows<{ id: string; targets: PolicyTargets }>(
        sql`select id, targets from sla_policy_versions
          where tenant_id = ${cx.tenant.id} and id = any(${missing}::uuid[])`,
      );
      return rows.map(({ id, targets }) => [id, targets]);
    }),
  ]);
  return { calendar: (id) => byCalendar.get(id)!, targets: (id) => byPolicy.get(id)! };
}

async function gather<T>(
  kept: Map<string, T>,
  ids: Iterable<string>,
  read: (missing: string[]) => Promise<[string, T][]>,
): Promise<Map<string, T>> {
  const wanted = [...new Set(ids)];
  const found = new Map<string, T>();
  for (const id of wanted) {
    const value = kept.get(id);
    if (value !== undefined) found.set(id, value);
  }
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  for (const [id, value] of await read(missing)) found.set(id, keep(kept, id, value));
  return found;
}
