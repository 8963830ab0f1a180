import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";

const UNIQUE_VIOLATION = "23505";

/** The transaction stays usable when it fails. @throws DomainError conflict, about `field`, when the name is taken */
export async function orNameTaken<T>(
  cx: UserCx,
  statement: () => Promise<T>,
  { field = "name" }: { field?: string } = {},
): Promise<T> {
  try {
    return await cx.db.savepoint(statement);
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    const message = `This ${field} is already in use`;
    throw new DomainError("conflict", message, {
      errors: [{ path: field, code: "taken", message }],
      cause: error,
    });
  }
}
