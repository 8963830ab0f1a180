import { inSystem } from "../../db/door.ts";
import { sql } from "../../db/sql.ts";
import { act, type RequestInfo } from "../cx.ts";
import type { Services } from "../services.ts";
import { log } from "../../log.ts";
import { type Claimed, prepareMail } from "./prepare.ts";

const BATCH = 20;
/** A worker that takes longer has lost its messages to another one. */
const HOLD = "60 seconds";
/** Waits between attempts, in seconds; after the last one a message is dead until an admin retries it (REL-05). */
const BACK_OFF = [5, 60, 300, 1_800, 7_200, 18_000, 43_200, 86_400];

/** What a drain did, in messages. */
export interface Drained {
  sent: number;
  skipped: number;
  failed: number;
}

/**
 * Sends what is due in the outbox, until nothing is. At-least-once: a message whose worker dies after sending is sent
 * again, under the same id. Any number of processes may drain at once.
 */
export async function drainOutbox(services: Services): Promise<Drained> {
  const request: RequestInfo = { requestId: "outbox", ip: "", userAgent: "", services };
  const total: Drained = { sent: 0, skipped: 0, failed: 0 };
  while (true) {
    const claimed = await inSystem("claim outbox", (db) =>
      db.rows<Claimed & Record<string, unknown>>(sql`
        select tenant_id as "tenantId", id, lease, attempts from claim_outbox(${BATCH}, ${HOLD}::interval)
        order by id`));
    for (const row of claimed) total[await deliver(request, row)]++;
    if (claimed.length < BATCH) return total;
  }
}

async function deliver(request: RequestInfo, claimed: Claimed): Promise<keyof Drained> {
  try {
    const prepared = await prepareMail(request, claimed);
    if ("mail" in prepared) await request.services.mail.send(prepared.mail);
    const note = "mail" in prepared ? null : prepared.skipped;
    await finish(request, claimed, { state: "done", note });
    return note === null ? "sent" : "skipped";
  } catch (error) {
    const wait = BACK_OFF[claimed.attempts - 1];
    log("warn", "E-mail not sent", { outboxId: claimed.id, attempts: claimed.attempts, error });
    const note = error instanceof Error ? error.message.slice(0, 500) : "Unknown error";
    if (wait === undefined) await finish(request, claimed, { state: "dead", note });
    else await postpone(request, claimed, { wait, note });
    return "failed";
  }
}

/** Only the holder of the lease may say what became of a message (REL-04). */
async function finish(
  request: RequestInfo,
  { tenantId, id, lease }: Claimed,
  { state, note }: { state: "done" | "dead"; note: string | null },
): Promise<void> {
  await act(
    request,
    { kind: "system", tenantId },
    (cx) =>
      cx.db.run(sql`update outbox set state = ${state}, last_error = ${note}, finished_at = now()
      where tenant_id = ${tenantId} and id = ${id} and lease = ${lease} and state = 'ready'`),
  );
}

/** Up to a tenth longer than the table says, so that what failed together doesn't come back together. */
async function postpone(
  request: RequestInfo,
  { tenantId, id, lease }: Claimed,
  { wait, note }: { wait: number; note: string },
): Promise<void> {
  const seconds = wait * (1 + Math.random() / 10);
  await act(
    request,
    { kind: "system", tenantId },
    (cx) =>
      cx.db.run(sql`update outbox set run_at = now() + make_interval(secs => ${seconds}), last_error = ${note}
      where tenant_id = ${tenantId} and id = ${id} and lease = ${lease} and state = 'ready'`),
  );
}

/** How long until the next message is due, in milliseconds; null when nothing waits. */
export async function untilNextMail(): Promise<number | null> {
  const row = await inSystem("next mail", (db) =>
    db.first<{ ms: number | null }>(
      sql`select (extract(epoch from next_outbox_run() - now()) * 1000)::float8 as ms`,
    ));
  return row?.ms ?? null;
}
