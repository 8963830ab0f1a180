import type { Person } from "./person.ts";
import { ROLES_OF } from "./roles.ts";
import { nameOf } from "./things.ts";
import { CannotRun } from "./wire.ts";

/** An operation of the installation's own document. */
export interface Operation {
  /** In small letters. */
  method: string;
  /** Behind /v1. */
  path: string;
  name: string;
  takesJson: boolean;
  /** Names of query parameters. */
  query: string[];
}

interface Described {
  requestBody?: { content?: Record<string, unknown> };
  parameters?: { in: string; name: string }[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Reads /v1/openapi.json. @throws CannotRun where there is none */
export async function readDocument(nobody: Person): Promise<{ version: string; operations: Operation[] }> {
  const { status, body } = await nobody.get("/openapi.json");
  if (status !== 200 || typeof body?.paths !== "object") {
    throw new CannotRun(`${nobody.wire.origin}/v1/openapi.json isn't ServiceHub's document (${status})`);
  }
  const operations = Object.entries(body.paths as Record<string, Record<string, Described>>).flatMap(
    ([full, methods]) =>
      Object.entries(methods).filter(([method]) => METHODS.includes(method)).map(([method, described]) => {
        const path = full.replace(/^\/v1/, "");
        return {
          method,
          path,
          name: nameOf({ method, path }),
          takesJson: described.requestBody?.content?.["application/json"] !== undefined,
          query: (described.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name),
        };
      }),
  );
  return { version: String(body.info?.version ?? "?"), operations };
}

/** The operations that the table knows, and the names of those that only the installation or only the table has. */
export function compareWithTable(
  operations: Operation[],
): { known: Operation[]; unknown: string[]; missing: string[] } {
  const names = new Set(operations.map(({ name }) => name));
  return {
    known: operations.filter(({ name }) => name in ROLES_OF),
    unknown: [...names].filter((name) => !(name in ROLES_OF)),
    missing: Object.keys(ROLES_OF).filter((name) => !names.has(name)),
  };
}
