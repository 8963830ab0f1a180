let last = 0;
let turn = 0;

/**
 * A UUIDv7 (RFC 9562, 5.7) made here, for a row whose content is signed before the database sees it. Those that one
 * process makes are in order, also within a millisecond.
 */
export function uuid7(now = Date.now()): string {
  turn = now > last ? 0 : turn + 1;
  last = Math.max(now, last);
  // Twelve bits count within a millisecond; what comes after that counts into the next.
  if (turn > 0xfff) {
    last++;
    turn = 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0] = bytes[0]! & 0x3f | 0x80;
  const time = last.toString(16).padStart(12, "0");
  const rest = bytes.toHex();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${turn.toString(16).padStart(3, "0")}-${rest.slice(0, 4)}-${
    rest.slice(4)
  }`;
}
