import { act, type RequestInfo } from "@/domain/cx.ts";
import { type Checked, checkSome, startCheck } from "@/domain/reports/facts/check.ts";
import { tenantsToClean } from "@/domain/retention/clean_up.ts";
import { roundRobin } from "./round_robin.ts";

/** Compares what reports count with what it is made of, once a day. @returns how many steps were done */
export async function checkAllFacts(request: RequestInfo, signal: AbortSignal): Promise<number> {
  const under = new Map<string, Checked>();
  return await roundRobin(await tenantsToClean(), {
    job: "check report facts",
    signal,
    batch: async (tenantId) => {
      const from = under.get(tenantId);
      const next = await act(
        request,
        { kind: "system", tenantId },
        (cx) => from ? checkSome(cx, from) : startCheck(cx),
      );
      if (next) under.set(tenantId, next);
      return { done: from ? 1 : 0, more: next !== null };
    },
  });
}
