import type { RequestInfo } from "@/domain/cx.ts";
import { closeResolved, tenantsWithTicketsToClose } from "@/domain/tickets/auto_close.ts";
import { inTurns } from "./in_turns.ts";

/**
 * Closes tickets that have stayed resolved for as long as their organisation waits. What something is in the way of is
 * passed over, and looked at again by the next run.
 *
 * @param signal no batch begins after it
 * @returns how many were closed
 */
export async function closeAllResolved(request: RequestInfo, signal?: AbortSignal): Promise<number> {
  const stuck: string[] = [];
  return await inTurns(request, await tenantsWithTicketsToClose(), {
    job: "close resolved tickets",
    signal,
    batch: async (cx) => {
      const moved = await closeResolved(cx, stuck);
      stuck.push(...moved.stuck);
      return moved;
    },
  });
}
