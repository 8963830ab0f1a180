import { DomainError } from "@/domain/errors.ts";
import { id } from "@/domain/validation.ts";

/** The id in an address. What is no id names nothing. @throws DomainError not_found */
export function idIn(param: string | undefined): string {
  const parsed = id.safeParse(param);
  if (!parsed.success) throw new DomainError("not_found");
  return parsed.data;
}
