import { act, type RequestInfo } from "@/domain/cx.ts";
import { advanceRollout, tenantsWithRollouts } from "@/domain/sla/tracking/rollouts.ts";
import { log } from "@/log.ts";

/**
 * Has open tickets follow new versions of policies and calendars, some tickets a transaction. A tenant in which that
 * fails is logged, and tried again at the next run.
 *
 * @returns how many tickets followed
 */
export async function rollOutSla(request: RequestInfo): Promise<number> {
  let followed = 0;
  for (const tenantId of await tenantsWithRollouts()) {
    try {
      for (let some: number | null = 0; some !== null; followed += some ?? 0) {
        some = await act(request, { kind: "system", tenantId }, advanceRollout);
      }
    } catch (error) {
      log("error", "Service levels not rolled out", { tenantId, error });
    }
  }
  return followed;
}
