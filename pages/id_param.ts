import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { parseId } from "@/domain/validation.ts";

/** The id in a route's address: `idParam(ctx, "queue")` for `[queue]`. @throws DomainError not_found for what is no id */
export function idParam(ctx: Pick<Context<State>, "params">, name: string): string {
  const id = parseId(ctx.params[name]);
  if (id === undefined) throw new DomainError("not_found");
  return id;
}
