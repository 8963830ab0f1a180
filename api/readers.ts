import type { AnyOperation, Operation } from "./operation.ts";

/** The operation that reads what a path below /v1 names, and its parameters. */
export interface Reader {
  operation: Operation;
  params: Record<string, string>;
}

export type FindReader = (path: string) => Reader | undefined;

/** @returns what finds the operation that reads a path; of several the one with the fewest parameters */
export function readersOf(operations: readonly AnyOperation[]): FindReader {
  const patterns = operations
    .filter((operation) => operation.access === "user")
    .filter(({ method, response }) => method === "get" && response !== undefined)
    .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
    .sort((a, b) => paramsIn(a.operation) - paramsIn(b.operation));
  return (path) => {
    for (const { operation, pattern } of patterns) {
      const found = pattern.exec(path);
      if (found) return { operation, params: decoded(found.groups ?? {}) };
    }
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^/v1${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

function paramsIn({ path }: Operation): number {
  return path.split("{").length;
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
}
