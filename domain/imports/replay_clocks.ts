import type { Cx } from "@/domain/cx.ts";
import { evaluate } from "@/domain/sla/clock/evaluate.ts";
import { ledgerEvents, startEvent } from "@/domain/sla/tracking/ledger_entries.ts";
import { appendToLedger, type ClockUpdate } from "@/domain/sla/tracking/save_clocks.ts";
import type { LedgerEntry } from "@/domain/sla/clock/ledger.ts";
import { type ActivePolicy, choosePolicy, matchingPolicies } from "@/domain/sla/tracking/choose_policy.ts";
import { loadVersions } from "@/domain/sla/tracking/versions.ts";
import type { ImportedTicket } from "./imported_ticket.ts";
import type { ReplayedEvent } from "./replay.ts";

/** By type and category. */
export type PolicyCache = Map<string, Promise<ActivePolicy[]>>;

/** What the history would have produced under the current policy. @returns null when no policy applies */
export async function replayClocks(
  cx: Cx,
  { ticket, ticketId, steps, staff, book }: {
    ticket: ImportedTicket;
    ticketId: string;
    steps: ReplayedEvent[];
    staff: ReadonlySet<string>;
    book: PolicyCache;
  },
): Promise<ClockUpdate | null> {
  const place = `${ticket.type} ${ticket.categoryId}`;
  const known = book.get(place) ?? matchingPolicies(cx, ticket);
  book.set(place, known);
  const policy = choosePolicy(await known, ticket.queueId);
  if (!policy) return null;
  const { policyVersionId, calendarVersionId } = policy;
  const versions = await loadVersions(cx, { policies: [policyVersionId], calendars: [calendarVersionId] });
  const settings = { priority: ticket.priority, queueId: ticket.queueId, policyVersionId, calendarVersionId };
  const at = (time: string, by: string | null) =>
    ({ ...cx, now: time, actor: by === null ? null : { id: by } }) as Cx;
  let kept = appendToLedger(at(ticket.createdAt, ticket.requesterId), {
    ticketId,
    ledger: [],
    events: [startEvent(policy)],
    settings,
    versions,
  });
  const rows = [...kept.entries];
  for (const { event, before, after } of steps) {
    const replied = event.kind === "say" && event.visibility === "public" && event.by !== null &&
      staff.has(event.by);
    const ledger: LedgerEntry[] = rows;
    const { clocks } = evaluate(
      ledger,
      versions,
      Math.max(Date.parse(event.at), Date.parse(rows.at(-1)!.at)),
    );
    const { events } = ledgerEvents({ before, after, replied, policy: null }, { clocks, last: rows.at(-1)! });
    if (events.length === 0) continue;
    kept = appendToLedger(at(event.at, event.by), { ticketId, ledger, events, settings, versions });
    rows.push(...kept.entries);
  }
  return { ...kept, entries: rows };
}
