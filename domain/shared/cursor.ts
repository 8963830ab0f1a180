import { Buffer } from "node:buffer";
import { z } from "zod";
import type { Cx } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { optional } from "@/domain/validation.ts";

/** Which page of a list: how many items, and the cursor that the page before gave. */
export const PageOf = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  // Holds a name of 120 characters, in any script.
  cursor: optional(z.string().max(1000)),
});

/** Where a page of a list ended: the sort key of its last row, then its id. */
export interface Position {
  at: string;
  id: string;
}

/** Before everything, for the first page of what is read upwards; and beyond everything, for downwards. */
export const START: Position = { at: "-infinity", id: "00000000-0000-0000-0000-000000000000" };
export const END: Position = { at: "infinity", id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

/**
 * The opaque cursor behind `position`, good for `list` of this tenant alone.
 *
 * @param list which list and order, as `tickets:-updated`
 */
export function writeCursor(cx: Cx, list: string, { at, id }: Position): string {
  const text = Buffer.from(JSON.stringify([at, id])).toString("base64url");
  return `${text}.${signature(cx, list, text)}`;
}

/** The position in a cursor. @throws DomainError invalid when it isn't one of ours for this list */
export function readCursor(cx: Cx, list: string, cursor: string): Position {
  const [text = "", signed] = cursor.split(".");
  if (signed !== signature(cx, list, text)) {
    throw invalidField(
      "cursor",
      "invalid_cursor",
      "Take the cursor as nextCursor gave it, with the same sort",
    );
  }
  const [at, id] = JSON.parse(Buffer.from(text, "base64url").toString()) as [string, string];
  return { at, id };
}

function signature(cx: Cx, list: string, text: string): string {
  return cx.services.secrets.sign("cursor", `${cx.tenant.id}:${list}:${text}`).slice(0, 22);
}
