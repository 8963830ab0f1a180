import type { RequestInfo } from "@/domain/cx.ts";
import { closeResolved, tenantsWithTicketsToClose } from "@/domain/tickets/auto_close.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** A ticket that can't be closed is passed over until the next run. @returns how many were closed */
export async function closeAllResolved(request: RequestInfo, signal: AbortSignal): Promise<number> {
  const stuck: string[] = [];
  return await roundRobin(await tenantsWithTicketsToClose(), {
    job: "close resolved tickets",
    signal,
    batch: inTransaction(request, async (cx) => {
      const moved = await closeResolved(cx, stuck);
      stuck.push(...moved.stuck);
      return moved;
    }),
  });
}
