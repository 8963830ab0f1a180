import { Buffer } from "node:buffer";
import type { Cx } from "@/domain/cx.ts";
import type { Services } from "@/ports.ts";
import { isSame } from "@/domain/shared/tokens.ts";
import { timeOfUuid7 } from "@/domain/shared/uuid7.ts";

/** Less than the 30 days that events are kept, so that none after a valid cursor is missing. */
const GOOD_FOR_MS = (30 * 24 - 1) * 60 * 60_000;

/** A place in the feed: transactions in the order of their beginning, then event ids. */
export interface FeedPosition {
  xid: bigint;
  id: string;
}

export const FEED_START: FeedPosition = { xid: 0n, id: "00000000-0000-0000-0000-000000000000" };

export function isAfter(a: FeedPosition, b: FeedPosition): boolean {
  return a.xid > b.xid || a.xid === b.xid && a.id > b.id;
}

const BYTES = 24;
const MAC_BYTES = 9;

/** An opaque cursor, valid for this tenant only. */
export function writeFeedCursor(services: Services, tenantId: string, { xid, id }: FeedPosition): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeBigUInt64BE(xid);
  bytes.write(id.replaceAll("-", ""), 8, "hex");
  const text = bytes.toString("base64url");
  return text + mac(services, tenantId, text);
}

/** @returns null for an invalid cursor */
export function readFeedCursor(services: Services, tenantId: string, cursor: string): FeedPosition | null {
  const text = cursor.slice(0, (BYTES / 3) * 4);
  if (!isSame(cursor.slice(text.length), mac(services, tenantId, text))) return null;
  const bytes = Buffer.from(text, "base64url");
  const hex = bytes.toString("hex", 8);
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    "-",
  );
  return { xid: bytes.readBigUInt64BE(), id };
}

/** Null when the cursor is invalid, too old, or from a database that was restored. `horizon` is the feed's end now. */
export function resumePosition(cx: Cx, cursor: string, horizon: FeedPosition): FeedPosition | null {
  const position = readFeedCursor(cx.services, cx.tenant.id, cursor);
  if (!position || position.xid > horizon.xid) return null;
  const age = Date.parse(cx.now) - timeOfUuid7(position.id);
  return age > GOOD_FOR_MS ? null : position;
}

function mac(services: Services, tenantId: string, text: string): string {
  return services.secrets.sign("cursor", `${tenantId}:events:${text}`).slice(0, (MAC_BYTES / 3) * 4);
}
