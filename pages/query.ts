import type { z } from "zod";
import { DomainError } from "@/domain/errors.ts";
import type { Page } from "@/domain/shared/types.ts";
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
    return { input: null, wrong: wrongIn(error) };
  }
}

/** What is wrong with either, as with a cursor of another list, is returned beside an empty list. */
export async function readList<S extends z.ZodType, T>(
  schema: S,
  query: Record<string, unknown>,
  list: (input: z.output<S>) => Promise<Page<T>>,
): Promise<{ list: Page<T>; wrong: ReadQuery<unknown>["wrong"] }> {
  const { input, wrong } = readQuery(schema, query);
  const empty = { items: [], nextCursor: null };
  if (wrong.length > 0) return { list: empty, wrong };
  try {
    return { list: await list(input as z.output<S>), wrong };
  } catch (error) {
    return { list: empty, wrong: wrongIn(error) };
  }
}

/** @throws every error that isn't about the input */
function wrongIn(error: unknown): [path: string, message: string][] {
  if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
  const errors = error.facts.errors ?? [{ path: "", message: error.message }];
  return errors.map(({ path, message }) => [path, message]);
}
