import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/** A UUIDv7 made by the database ahead of the insert, so that what names the new row can travel in the same flight. */
export async function newId(cx: Cx): Promise<string> {
  const row = await cx.db.first<{ id: string }>(sql`select uuidv7() as id`);
  return row!.id;
}
