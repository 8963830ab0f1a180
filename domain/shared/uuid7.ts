let last = 0;
let turn = 0;

/** For a row whose content is signed before the database sees it. In order within one process. */
export function uuid7(now = Date.now()): string {
  turn = now > last ? 0 : turn + 1;
  last = Math.max(now, last);
  // Twelve bits count within a millisecond, then the next one.
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

/** The least UUIDv7 of a time in epoch milliseconds. */
export function leastUuid7(ms: number): string {
  const time = Math.max(0, ms).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

export function timeOfUuid7(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
