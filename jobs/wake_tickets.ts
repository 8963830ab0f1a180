import type { RequestInfo } from "@/domain/cx.ts";
import { tenantsWithTicketsToWake, wakeTickets } from "@/domain/tickets/auto_close.ts";
import { inTurns } from "./in_turns.ts";

/**
 * Opens tickets that were pending until a time that has come.
 *
 * @param signal no batch begins after it
 * @returns how many
 */
export async function wakeAllTickets(request: RequestInfo, signal?: AbortSignal): Promise<number> {
  const stuck: string[] = [];
  return await inTurns(request, await tenantsWithTicketsToWake(), {
    job: "wake tickets",
    signal,
    batch: async (cx) => {
      const moved = await wakeTickets(cx, stuck);
      stuck.push(...moved.stuck);
      return moved;
    },
  });
}
