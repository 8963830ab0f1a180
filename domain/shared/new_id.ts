import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/** Before the insert, so that rows which refer to it can be sent in the same flight. */
export async function newId(cx: Cx): Promise<string> {
  const row = await cx.db.first<{ id: string }>(sql`select uuidv7() as id`);
  return row!.id;
}
