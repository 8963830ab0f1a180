import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { FieldError } from "./errors.ts";

type Schema = z.core.$ZodType;

const MOST_REPORTED = 20;
const MOST_LETTERS = 200;

interface Unknown {
  path: string[];
  /** What could have been meant there. */
  known: string[];
}

/**
 * Says of every field of `value` that `schema` doesn't know where it is and which one may have been meant. Schemas
 * drop such fields, because forms send more than they ask for; an API must not, because it would do something else than
 * was asked.
 * @param hints what to do instead, by a field at the top
 */
export function unknownFields(
  schema: Schema,
  value: unknown,
  hints: Readonly<Record<string, string>> = {},
): FieldError[] {
  return findUnknown(schema, value, []).slice(0, MOST_REPORTED).map(({ path, known }) => {
    const name = path.at(-1)!;
    const others = path.length === 1 ? Object.keys(hints) : [];
    const meant = others.includes(name) ? name : nearest(name, [...known, ...others]);
    const help = meant === undefined
      ? undefined
      : others.includes(meant)
      ? hints[meant]
      : `Did you mean "${meant}"?`;
    return {
      path: path.join(".").slice(0, MOST_LETTERS),
      code: "unknown_field",
      message: help === undefined ? "Unknown field" : `Unknown field. ${help}`,
    };
  });
}

function findUnknown(schema: Schema, value: unknown, path: string[]): Unknown[] {
  const def = typeOf(schema);
  if (def.type === "object") return inObject(def, value, path);
  if (def.type === "array" && Array.isArray(value)) {
    return value.flatMap((one, i) => findUnknown(def.element, one, [...path, String(i)]));
  }
  if (def.type === "record") {
    return entriesOf(value).flatMap(([key, one]) => findUnknown(def.valueType, one, [...path, key]));
  }
  if (def.type !== "union") return [];
  const shape = Array.isArray(value) ? /^array$/ : /^(object|record|union)$/;
  return def.options.filter((option) => shape.test(typeOf(option).type))
    .map((option) => findUnknown(option, value, path))
    .reduce<Unknown[] | null>(
      (least, found) => least && least.length <= found.length ? least : found,
      null,
    ) ?? [];
}

function inObject(def: z.core.$ZodObjectDef, value: unknown, path: string[]): Unknown[] {
  const known = Object.keys(def.shape);
  return entriesOf(value).flatMap(([name, one]) => {
    if (Object.hasOwn(def.shape, name)) return findUnknown(def.shape[name]!, one, [...path, name]);
    return def.catchall && typeOf(def.catchall).type !== "never" ? [] : [{ path: [...path, name], known }];
  });
}

/** What a schema takes, without what only says that it may be missing or how it is read. */
export function typeOf(schema: Schema): z.core.$ZodTypes["_zod"]["def"] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "nonoptional":
    case "readonly":
    case "catch":
      return typeOf(def.innerType);
    case "pipe": {
      // What a preprocessing step takes isn't declared, so it has to have the shape of its result.
      const before = typeOf(def.in);
      return before.type === "transform" ? typeOf(def.out) : before;
    }
    default:
      return def;
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** What other systems and other spellings call it, as letters only. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  internal: "visibility",
  isinternal: "visibility",
  private: "visibility",
  isprivate: "visibility",
  public: "visibility",
  ispublic: "visibility",
  jsdpublic: "visibility",
  comment: "body",
  content: "body",
  message: "body",
  text: "body",
  subject: "title",
  summary: "title",
  labels: "tags",
  group: "queueId",
  team: "queueId",
  owner: "assigneeId",
  ownerid: "assigneeId",
  customer: "requesterId",
  reporter: "requesterId",
  events: "topics",
  query: "q",
  search: "q",
  since: "updatedAfter",
  updatedsince: "updatedAfter",
  pagesize: "limit",
  perpage: "limit",
  page: "cursor",
  offset: "cursor",
  orderby: "sort",
  order: "sort",
  simulate: "dryRun",
  preview: "dryRun",
};

/** The name that was probably meant: another spelling, another system's word, a part of it, or a typo. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = letters(name);
  if (wanted === "") return undefined;
  const same = known.find((one) => letters(one) === wanted) ??
    known.find((one) => one === OTHER_NAMES[wanted]);
  if (same !== undefined) return same;
  const part = known.find((one) => wanted.length >= 3 && letters(one).startsWith(wanted));
  if (part !== undefined) return part;
  const near = known.map((one) => ({ one, far: distance(letters(one), wanted) }))
    .filter(({ one, far }) => far <= Math.max(1, Math.floor(Math.max(one.length, wanted.length) / 3)))
    .sort((a, b) => a.far - b.far)[0];
  return near?.one;
}

function letters(name: string): string {
  return name.slice(0, MOST_LETTERS).toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
