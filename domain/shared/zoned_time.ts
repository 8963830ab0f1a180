const SLOT_MS = 15 * 60_000;

/** Writes instants as ISO 8601 in a zone, to the second: `2026-11-30T17:25:46+01:00`. */
export function zonedTimes(timeZone: string): (rfc3339: string) => string {
  // Zones change at quarters of an hour at most, and a file has many times.
  const offsets = new Map<number, string>();
  return (rfc3339) => {
    const ms = Date.parse(rfc3339);
    const slot = Math.floor(ms / SLOT_MS);
    let offset = offsets.get(slot);
    if (offset === undefined) {
      offset = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).offset;
      offsets.set(slot, offset);
    }
    return new Date(ms + offsetMs(offset)).toISOString().slice(0, 19) + offset.slice(0, 6);
  };
}

/** Of before about 1900 it has seconds. */
function offsetMs(offset: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
