/** A period in which a zone's offset is constant: wall time is UTC plus `offset`. */
export interface OffsetPeriod {
  /** Epoch milliseconds; -Infinity for the first period. */
  from: number;
  /** Epoch milliseconds; Infinity for the last period. */
  to: number;
  offset: number;
}

/** Later transitions are ignored. */
const LAST_YEAR = 2100;
const NS_PER_MS = 1_000_000;

const known = new Map<string, readonly OffsetPeriod[]>();

/** Since 1970. @throws RangeError for an unknown IANA name */
export function offsetPeriods(timeZone: string): readonly OffsetPeriod[] {
  let pieces = known.get(timeZone);
  if (!pieces) known.set(timeZone, pieces = readPieces(timeZone));
  return pieces;
}

function readPieces(timeZone: string): OffsetPeriod[] {
  let at = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  const pieces: OffsetPeriod[] = [{
    from: -Infinity,
    to: Infinity,
    offset: at.offsetNanoseconds / NS_PER_MS,
  }];
  for (;;) {
    const next = at.getTimeZoneTransition("next");
    if (next === null || next.year > LAST_YEAR) return pieces;
    pieces.at(-1)!.to = next.epochMilliseconds;
    pieces.push({
      from: next.epochMilliseconds,
      to: Infinity,
      offset: next.offsetNanoseconds / NS_PER_MS,
    });
    at = next;
  }
}

export function periodAt(pieces: readonly OffsetPeriod[], ms: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.from <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}
