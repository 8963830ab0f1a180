import type { Cx } from "@/domain/cx.ts";
import { evaluate } from "@/domain/sla/clock/clocks.ts";
import { draftsOf, startDraft } from "@/domain/sla/tracking/ledger_entries.ts";
import { addRows, type Keeping } from "@/domain/sla/tracking/save_clocks.ts";
import type { LedgerRow } from "@/domain/sla/clock/ledger.ts";
import { choosePolicy, policiesFor, type PolicyInForce } from "@/domain/sla/tracking/choose_policy.ts";
import { loadVersions } from "@/domain/sla/tracking/versions.ts";
import type { PastTicket } from "./history.ts";
import type { PastStep } from "./outcome.ts";

/** The policies for tickets of a type and category, read once each. */
export type PolicyBook = Map<string, Promise<PolicyInForce[]>>;

/**
 * The ledger that a ticket's past would have left under the policy of today, and what its clocks are by now.
 *
 * @returns null for a ticket that no policy is for
 */
export async function pastClocks(
  cx: Cx,
  { ticket, ticketId, steps, staff, book }: {
    ticket: PastTicket;
    ticketId: string;
    steps: PastStep[];
    /** Ids of the help desk's people. */
    staff: ReadonlySet<string>;
    book: PolicyBook;
  },
): Promise<Keeping | null> {
  const place = `${ticket.type} ${ticket.categoryId}`;
  const known = book.get(place) ?? policiesFor(cx, ticket);
  book.set(place, known);
  const policy = choosePolicy(await known, ticket.queueId);
  if (!policy) return null;
  const { policyVersionId, calendarVersionId } = policy;
  const versions = await loadVersions(cx, { policies: [policyVersionId], calendars: [calendarVersionId] });
  const holding = { priority: ticket.priority, queueId: ticket.queueId, policyVersionId, calendarVersionId };
  const at = (time: string, by: string | null) =>
    ({ ...cx, now: time, actor: by === null ? null : { id: by } }) as Cx;
  let kept = addRows(at(ticket.createdAt, ticket.requesterId), {
    ticketId,
    ledger: [],
    drafts: [startDraft(policy)],
    holding,
    versions,
  });
  const rows = [...kept.rows];
  for (const { event, before, after } of steps) {
    const replied = event.kind === "say" && event.visibility === "public" && event.by !== null &&
      staff.has(event.by);
    const ledger: LedgerRow[] = rows;
    const { clocks } = evaluate(
      ledger,
      versions,
      Math.max(Date.parse(event.at), Date.parse(rows.at(-1)!.at)),
    );
    const { drafts } = draftsOf({ before, after, replied, policy: null }, { clocks, holding });
    if (drafts.length === 0) continue;
    kept = addRows(at(event.at, event.by), { ticketId, ledger, drafts, holding, versions });
    rows.push(...kept.rows);
  }
  return { ...kept, rows };
}
