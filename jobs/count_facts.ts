import { act, type RequestInfo } from "@/domain/cx.ts";
import { catchUp, tenantsToCount } from "@/domain/reports/facts/catch_up.ts";
import { AT_ONCE } from "@/domain/reports/facts/make_facts.ts";
import { rebuildSome } from "@/domain/reports/facts/rebuild.ts";
import { roundRobin } from "./round_robin.ts";

/** The next minute asks again who has new changes: they don't wait for a long rebuild or backfill of others. */
const MOST_MS = 50_000;

/**
 * Keeps what reports count up to date, so that whoever reads one has little to wait for; then goes on with what is to be
 * rebuilt. @returns how many tickets
 */
export async function countAll(
  request: RequestInfo,
  signal: AbortSignal,
  { mostMs = MOST_MS } = {},
): Promise<number> {
  const end = performance.now() + mostMs;
  const done = new Set<string>();
  return await roundRobin(await tenantsToCount(), {
    job: "make report facts",
    signal,
    batch: async (tenantId) => {
      if (performance.now() >= end) return { done: 0, more: false };
      if (done.has(tenantId)) return await act(request, { kind: "system", tenantId }, rebuildSome);
      const step = await act(
        request,
        { kind: "system", tenantId },
        async (cx) => {
          const { done, more } = await catchUp(cx, AT_ONCE, { wait: false, mend: true });
          // Somebody else may be at it.
          return { done, more: more && done > 0 };
        },
      );
      if (!step.more) done.add(tenantId);
      return { done: step.done, more: true };
    },
  });
}
