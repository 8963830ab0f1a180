import { Buffer } from "node:buffer";
import { z } from "zod";
import type { Cx } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { optional } from "@/domain/validation.ts";

export const PageOf = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  // Room for a name of 120 characters, in any script.
  cursor: optional(z.string().max(1000)),
});

/** For lists of what can be archived: `?archived=true` includes that. */
export const withArchived = {
  archived: z.enum(["true", "false"]).default("false").transform((text) => text === "true"),
};

/** The sort key and id of a page's last row. */
export interface Position {
  at: string;
  id: string;
}

/** Before everything, and after everything. */
export const START: Position = { at: "-infinity", id: "00000000-0000-0000-0000-000000000000" };
export const END: Position = { at: "infinity", id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

/** An opaque cursor for `list` of this tenant, as `tickets:-updated`. */
export function writeCursor(cx: Cx, list: string, { at, id }: Position): string {
  const text = Buffer.from(JSON.stringify([at, id])).toString("base64url");
  return `${text}.${signature(cx, list, text)}`;
}

/** @throws DomainError invalid when it isn't one of ours for this list */
export function readCursor(cx: Cx, list: string, cursor: string): Position {
  const [text = "", signed] = cursor.split(".");
  if (signed !== signature(cx, list, text)) {
    throw invalidField(
      "cursor",
      "invalid_cursor",
      "Must be the nextCursor of this list, with the same sort",
    );
  }
  const [at, id] = JSON.parse(Buffer.from(text, "base64url").toString()) as [string, string];
  return { at, id };
}

function signature(cx: Cx, list: string, text: string): string {
  return cx.services.secrets.sign("cursor", `${cx.tenant.id}:${list}:${text}`).slice(0, 22);
}
