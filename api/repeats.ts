import { assertRole } from "@/domain/permissions.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import type { KeptAnswer } from "@/domain/idempotency.ts";
import { parse } from "@/domain/validation.ts";
import type { Operation } from "./operation.ts";
import type { FindReader, Reader } from "./readers.ts";

/**
 * The kept answer of a request that is repeated, as far as the actor may still read it: access may have been lost since.
 * With another role they get what a read gives them today.
 * @param role the actor's when it was kept @throws DomainError what reading it throws
 */
export async function readAgain(
  cx: UserCx,
  { again }: Pick<Operation, "again">,
  find: FindReader,
  { kept, role }: { kept: KeptAnswer; role: Role | null },
): Promise<KeptAnswer> {
  if (again) return { ...kept, body: JSON.stringify(await again(cx, JSON.parse(kept.body))) };
  const reader = kept.headers.location === undefined ? undefined : find(kept.headers.location);
  if (!reader) return kept;
  assertRole(cx, reader.operation.roles);
  const body = await readNow(cx, reader);
  return role === cx.actor.role ? kept : { ...kept, body: JSON.stringify(body) };
}

/** @throws DomainError what the operation throws */
export async function readNow(cx: UserCx, { operation, params }: Reader): Promise<unknown> {
  const reply = await operation.run(cx, {
    params: operation.params && parse(operation.params, params),
    query: operation.query && parse(operation.query, {}),
    body: undefined,
    base: { version: 0, by: "body" },
    files: [],
  });
  return reply.body;
}
