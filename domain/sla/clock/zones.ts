/** A stretch of time in which a zone's clocks run evenly: from `from` on, wall time is real time plus `offset`. */
export interface OffsetPeriod {
  /** Epoch milliseconds; the first piece begins before everything. */
  from: number;
  /** Epoch milliseconds; the last piece has no end. */
  to: number;
  /** Milliseconds that the zone is ahead of UTC. */
  offset: number;
}

/** Clocks are known up to here; past it the last offset is taken to stay. */
const LAST_YEAR = 2100;
const NS_PER_MS = 1_000_000;

// There are some 600 zones, and the names in use are checked before they come here.
const known = new Map<string, readonly OffsetPeriod[]>();

/**
 * How a zone's clocks are set, since 1970.
 *
 * @param timeZone IANA name
 * @throws RangeError for a name that isn't one
 */
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

/** The index of the piece that `ms` falls in. */
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
