import { z } from "zod";
import { unknownId } from "@/domain/errors.ts";
import { id } from "@/domain/validation.ts";

export const MoveInList = z.object({ id, to: z.enum(["up", "down"]) });

/** The ids after one has changed places with its neighbour. @throws DomainError invalid when it isn't among them */
export function reordered(ids: readonly string[], { id, to }: z.output<typeof MoveInList>): string[] {
  const at = ids.indexOf(id);
  if (at < 0) throw unknownId("id");
  const other = to === "up" ? at - 1 : at + 1;
  const next = [...ids];
  if (next[other] !== undefined) [next[at], next[other]] = [next[other], next[at]!];
  return next;
}
