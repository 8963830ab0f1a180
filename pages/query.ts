import type { z } from "zod";
import { DomainError } from "@/domain/errors.ts";
import { parse } from "@/domain/validation.ts";

/**
 * Reads an address's query for a page that shows what is wrong with it instead of an error page.
 *
 * @returns the input, or null and why it was refused
 */
export function readQuery<S extends z.ZodType>(
  schema: S,
  query: Record<string, unknown>,
): { input: z.output<S>; wrong: "" } | { input: null; wrong: string } {
  try {
    return { input: parse(schema, query), wrong: "" };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = error.facts.errors?.map(({ path, message }) => `${path}: ${message}`);
    return { input: null, wrong: errors?.join("; ") ?? error.message };
  }
}
