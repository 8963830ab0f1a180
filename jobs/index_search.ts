import type { RequestInfo } from "@/domain/cx.ts";
import { indexMore, tenantsToIndex } from "@/domain/search/rebuild.ts";
import { inTransaction, roundRobin } from "./round_robin.ts";

/** Enters texts that the search index lacks. @returns how many steps were done */
export async function indexSearch(request: RequestInfo, signal: AbortSignal): Promise<number> {
  return await roundRobin(await tenantsToIndex(), {
    job: "index texts for search",
    signal,
    batch: inTransaction(request, indexMore),
  });
}
