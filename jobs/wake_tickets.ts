import type { RequestInfo } from "@/domain/cx.ts";
import { tenantsWithTicketsToWake, wakeTickets } from "@/domain/tickets/auto_close.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Opens tickets that were pending until a time that has come. @returns how many */
export async function wakeAllTickets(request: RequestInfo, signal: AbortSignal): Promise<number> {
  const stuck: string[] = [];
  return await roundRobin(await tenantsWithTicketsToWake(), {
    job: "wake tickets",
    signal,
    batch: inTransaction(request, async (cx) => {
      const moved = await wakeTickets(cx, stuck);
      stuck.push(...moved.stuck);
      return moved;
    }),
  });
}
