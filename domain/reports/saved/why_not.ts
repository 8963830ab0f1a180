import type { DomainError } from "@/domain/errors.ts";

/** Why a report can't be made as it was saved, to stand within a sentence: `a report covers at most 5 years`. */
export function whyNot({ message, facts: { errors = [] } }: DomainError): string {
  const [first] = errors;
  if (first?.code === "unknown_id") return "the report filters by something that is gone";
  const text = first?.message ?? message;
  return text[0]!.toLowerCase() + text.slice(1);
}
