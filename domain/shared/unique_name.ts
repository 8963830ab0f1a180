import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";

const UNIQUE_VIOLATION = "23505";

/**
 * Runs a statement that gives something its name.
 *
 * @returns what the statement returned
 * @throws DomainError conflict, about `field`, when another has that name; the transaction stays usable
 */
export async function orNameTaken<T>(
  cx: UserCx,
  statement: () => Promise<T>,
  { field = "name" }: { field?: string } = {},
): Promise<T> {
  try {
    return await cx.db.savepoint(statement);
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    const message = `Another one has this ${field}`;
    throw new DomainError("conflict", message, {
      errors: [{ path: field, code: "taken", message }],
      cause: error,
    });
  }
}
