import type { Named } from "@/domain/shared/types.ts";

/** What is added to a message where a comment calls people who may not read it; "" when there are none. */
export function notTold(unreached: readonly Named[]): string {
  if (unreached.length === 0) return "";
  const [first, second, ...more] = unreached.map(({ name }) => name);
  const who = !second
    ? first
    : more.length === 0
    ? `${first} and ${second}`
    : `${first} and ${more.length + 1} others`;
  return `. ${who} may not read it and ${second ? "were" : "was"} not told`;
}
