import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, type FieldError } from "@/domain/errors.ts";
import { nearest, typeOf, unknownFields } from "@/domain/unknown_fields.ts";
import { parse } from "@/domain/validation.ts";
import type { AnyOperation, Base, Operation } from "./operation.ts";
import type { Reader } from "./readers.ts";
import { readNow } from "./repeats.ts";
import { serverFields } from "./server_fields.ts";

const NOTHING = z.object({});

/** Refuses whatever a schema doesn't know, beside what is wrong with the rest. @throws DomainError invalid */
export function parseKnown<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  hints?: Readonly<Record<string, string>>,
): z.output<S> {
  const unknown = unknownFields(schema ?? NOTHING, value, hints);
  if (unknown.length === 0) return (schema && parse(schema, value)) as z.output<S>;
  let wrong: FieldError[] = [];
  try {
    parse(schema ?? NOTHING, value);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    wrong = error.facts.errors ?? [];
  }
  throw new DomainError("invalid", undefined, { errors: [...unknown, ...wrong] });
}

const OF_SERVER = new RegExp(serverFields());

/** A body without what only the server sets. A field that the operation takes is none of those. */
export function withoutServerFields({ body: schema, upload }: Bodied, body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const known = schema ?? upload?.fields;
  const shape = known && shapeOf(known) || {};
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => Object.hasOwn(shape, name) || !OF_SERVER.test(name)),
  );
}

type Bodied = Pick<AnyOperation, "body"> & Pick<Operation, "upload">;

function shapeOf(schema: z.ZodType): Readonly<Record<string, unknown>> | undefined {
  const def = typeOf(schema);
  return def.type === "object" ? def.shape : undefined;
}

/**
 * A change's body without fields that can only be read: a client may send a resource back as it read it. What doesn't
 * change by itself must be as it is. @param reader reads the resource @throws DomainError invalid for one that differs
 */
export async function withoutReadOnly(
  cx: UserCx,
  operation: Operation,
  reader: Reader | undefined,
  { body, base }: { body: unknown; base: Base | null },
): Promise<unknown> {
  if (!reader || typeof body !== "object" || body === null) return body;
  const readOnly = readOnlyFields(operation, reader);
  const names = Object.keys(body).filter((name) => readOnly.has(name));
  if (names.length === 0) return body;
  const current = JSON.parse(JSON.stringify(await readNow(cx, reader))) as Record<string, unknown>;
  const sent = body as Record<string, unknown>;
  // A resource that was read before somebody changed it is stale: the use case says so.
  const stale = base !== null && typeof current.version === "number" && base.version !== current.version;
  const differing = stale
    ? []
    : names.filter((name) =>
      readOnly.get(name) !== null && Object.hasOwn(current, name) && !isSame(sent[name], current[name])
    );
  if (differing.length > 0) {
    throw new DomainError("invalid", undefined, {
      errors: differing.map((path) => ({ path, code: "read_only", message: readOnly.get(path)! })),
    });
  }
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !names.includes(name)));
}

/** Of a person, queue or the like the id counts: its name may have changed since. */
function isSame(sent: unknown, current: unknown): boolean {
  return isDeepStrictEqual(sent, current) ||
    isIdentified(sent) && isIdentified(current) && sent.id === current.id;
}

function isIdentified(value: unknown): value is { id: unknown } {
  return typeof value === "object" && value !== null && "id" in value;
}

/** May differ between a client's read and its write though nobody changed the resource: a difference says nothing. */
const CHANGES_BY_ITSELF: ReadonlySet<string> = new Set([
  ...["needsReply", "lastSeenAt", "memberCount", "emailVerified", "queues", "mentions", "steps", "position"],
  ...["disabledBecause", "disabledAt", "failingSince", "secretGeneration", "overlapUntil"],
  ...["editableUntil", "changeableUntil", "nextRunAt", "lastResult"],
]);

/**
 * What a resource has and a change of it doesn't take, but for what only the server sets. With it is what is said of another
 * value; null of what changes by itself.
 */
export function readOnlyFields(
  { path, body: schema, elsewhere = {} }: AnyOperation,
  { operation }: Reader,
): Map<string, string | null> {
  const [shape, readable] = [schema && shapeOf(schema), operation.response && shapeOf(operation.response)];
  if (!shape || !readable || operation.path !== path) return new Map();
  const names = Object.keys(readable).filter((name) => !Object.hasOwn(shape, name) && !OF_SERVER.test(name));
  return new Map(names.map((name) => {
    const meant = nearest(name, Object.keys(shape));
    const instead = Object.hasOwn(elsewhere, name)
      ? elsewhere[name]
      : meant === undefined
      ? undefined
      : `Send "${meant}" instead`;
    if (instead === undefined && CHANGES_BY_ITSELF.has(name)) return [name, null];
    return [name, instead === undefined ? "Can't be changed here" : `Can't be changed here. ${instead}`];
  }));
}
