import type { Cx } from "@/domain/cx.ts";
import { readLedgers } from "./read_ledger.ts";
import { MERGED_EVENT } from "./ledger_entries.ts";
import { appendToLedger, updateClocks } from "./save_clocks.ts";
import { loadVersions } from "./versions.ts";

/** Ends, at that time, the clocks of a ticket that was merged when merging still left them running. */
export async function stopMerged(
  cx: Cx,
  { id: ticketId, mergedAt }: { id: string; mergedAt: string },
): Promise<void> {
  const ledger = (await readLedgers(cx, [ticketId])).get(ticketId) ?? [];
  const versions = await loadVersions(cx, {
    calendars: ledger.map(({ calendarVersionId }) => calendarVersionId),
    policies: ledger.map(({ policyVersionId }) => policyVersionId),
  });
  const settings = ledger.at(-1)!;
  const update = { ticketId, ledger, events: [MERGED_EVENT], settings, versions };
  await updateClocks(cx, appendToLedger({ ...cx, now: mergedAt }, update));
}
