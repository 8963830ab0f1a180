import type { Named } from "@/domain/shared/types.ts";

/** Added to a message when a comment mentions people who may not read it; "" when there are none. */
export function notNotified(unreached: readonly Named[]): string {
  if (unreached.length === 0) return "";
  const [first, second, ...more] = unreached.map(({ name }) => name);
  const who = !second
    ? first
    : more.length === 0
    ? `${first} and ${second}`
    : `${first} and ${more.length + 1} others`;
  return `. ${who} can't see it and ${second ? "were" : "was"} not notified`;
}
