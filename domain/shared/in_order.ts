import type { Queries } from "@/db/sql.ts";

/**
 * Runs steps in one flight whose first statements reach the server in this order: an insert, then rows that refer to
 * it. A step that awaits something before its first statement, or opens a savepoint, ends before the next begins.
 */
export async function inOrder<Results extends readonly unknown[]>(
  db: Queries,
  steps: { [Step in keyof Results]: () => Promise<Results[Step]> },
): Promise<Results> {
  const running: Promise<unknown>[] = [];
  for (const step of steps) {
    const sent = db.sent;
    const result = step();
    // A rejection is handled below, when all are awaited together.
    result.catch(() => {});
    running.push(result);
    if (db.sent === sent && (await Promise.allSettled([result]))[0].status === "rejected") break;
  }
  // A savepoint may catch what a step threw: none of the others goes on behind it.
  await Promise.allSettled(running);
  return await Promise.all(running) as unknown as Results;
}
