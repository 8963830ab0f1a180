import type { Queries } from "@/db/sql.ts";

/**
 * Runs steps in one flight whose first statements reach the server in this order: as an insert, and rows that refer to
 * it. A step that awaits something before it sends a statement ends before the next begins; so does a savepoint.
 *
 * @returns what each step returned
 */
export async function inOrder<Results extends readonly unknown[]>(
  db: Queries,
  steps: { [Step in keyof Results]: () => Promise<Results[Step]> },
): Promise<Results> {
  const running: Promise<unknown>[] = [];
  for (const step of steps) {
    const sent = db.sent;
    const result = step();
    // Until all are awaited together nobody listens.
    result.catch(() => {});
    running.push(result);
    if (db.sent === sent) await result;
  }
  return await Promise.all(running) as unknown as Results;
}
