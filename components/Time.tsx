import type { Moment } from "./types.ts";

/** A moment: relative in the text, absolute on hover, exact in the markup. */
export function Time({ at, absolute = false }: { at: Moment; absolute?: boolean | undefined }) {
  return (
    <time dateTime={at.iso} title={absolute ? at.relative : at.absolute}>
      {absolute ? at.absolute : at.relative}
    </time>
  );
}
