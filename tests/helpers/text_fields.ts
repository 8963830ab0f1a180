/** The text fields of a schema, and bodies that have something in them. */
import { z } from "zod";

export type Path = (string | number)[];

interface Node {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
  allOf?: Node[];
}

/** Where a text can stand, in lists at the first place; what takes anything counts too. `key` is used in records. */
export function textFields(schema: z.ZodType, key: string): Path[] {
  const found = new Map<string, Path>();
  const walk = (node: Node, path: Path) => {
    for (const part of [node.anyOf, node.oneOf, node.allOf].flatMap((parts) => parts ?? [])) walk(part, path);
    const types = [node.type ?? []].flat();
    const open = types.length === 0 && !node.anyOf && !node.oneOf && !node.allOf && node.const === undefined;
    if (types.includes("string") || open || node.enum) found.set(JSON.stringify(path), path);
    for (const [name, child] of Object.entries(node.properties ?? {})) walk(child, [...path, name]);
    const { additionalProperties: rest } = node;
    if (typeof rest === "object") walk(rest, [...path, key]);
    if (node.items) walk(node.items, [...path, 0]);
  };
  walk(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node, []);
  return [...found.values()].filter((path) => path.length > 0);
}

/** A copy of `body` with these fields set, and whatever is around them made. */
export function withFields(body: unknown, fields: [path: Path, value: unknown][]): unknown {
  const copy = structuredClone(body ?? {}) as Record<string | number, unknown>;
  for (const [path, value] of fields) {
    let at = copy;
    path.slice(0, -1).forEach((name, i) => {
      if (typeof at[name] !== "object" || at[name] === null) {
        at[name] = typeof path[i + 1] === "number" ? [] : {};
      }
      at = at[name] as typeof at;
    });
    at[path.at(-1)!] = value;
  }
  return copy;
}
