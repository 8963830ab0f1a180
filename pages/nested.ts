import type { FormValues } from "./forms.ts";

type Nested = { [name: string]: string | string[] | Nested };

/** Gathers fields called `week.monday` into an object `week`, as schemas expect it; other fields stay as they are. */
export function nested(values: FormValues, prefix: string): Record<string, unknown> {
  const result: Nested = {};
  for (const [name, value] of Object.entries(values)) {
    const path = name.split(".");
    if (path.length === 1 || path[0] !== prefix) {
      result[name] = value;
      continue;
    }
    const last = path.pop()!;
    let target = result;
    for (const part of path) {
      // Without a prototype, so that a field called `week.__proto__.x` reaches nothing shared.
      if (!isNested(target[part])) target[part] = Object.create(null) as Nested;
      target = target[part] as Nested;
    }
    target[last] = value;
  }
  return result;
}

function isNested(value: unknown): value is Nested {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
