import type { RequestInfo } from "@/domain/cx.ts";
import { catchUp, tenantsToCount } from "@/domain/reports/facts/catch_up.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Per transaction. */
const AT_ONCE = 200;

/** Keeps what reports count up to date, so that whoever reads one has little to wait for. @returns how many tickets */
export async function countAll(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsToCount(), {
    job: "make report facts",
    signal,
    batch: inTransaction(request, (cx) => catchUp(cx, AT_ONCE, { wait: false })),
  });
}
