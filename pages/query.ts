import type { z } from "zod";
import { DomainError } from "@/domain/errors.ts";
import { parse } from "@/domain/validation.ts";

/** A query that was read, or null and what is wrong with it: its path and a message each, "" for the query as a whole. */
export type ReadQuery<T> = { input: T; wrong: [] } | {
  input: null;
  wrong: [path: string, message: string][];
};

/** Reads the query of an address, for a page that shows what is wrong with it instead of an error page. */
export function readQuery<S extends z.ZodType>(
  schema: S,
  query: Record<string, unknown>,
): ReadQuery<z.output<S>> {
  try {
    return { input: parse(schema, query), wrong: [] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = error.facts.errors ?? [{ path: "", message: error.message }];
    return { input: null, wrong: errors.map(({ path, message }) => [path, message]) };
  }
}
