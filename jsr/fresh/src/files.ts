import type { Page } from "./segments.ts";
import type { RouteComponent, RouteModule } from "./types.ts";

/** The role a file in `routes/` has by its name. */
type Kind = "app" | "layout" | "middleware" | "error" | "route";

/** Where a file in `routes/` belongs. */
export interface Place {
  kind: Kind;
  /** Its path below `routes/`, without the extension. */
  id: string;
  /** The segment of its folder, groups kept, e.g. "/(app)/tickets/:id". */
  folder: string;
  /** The URL pattern it serves; for routes only. */
  pattern: string;
}

/** A file in `routes/` with its module; a page's is loaded at its first request. */
export type RouteFile<State = unknown> =
  | Place & { kind: Exclude<Kind, "route">; mod: RouteModule<State> }
  | Place & { kind: "route"; load: () => Promise<RouteModule<State>> };

const KINDS: Record<string, Kind> = {
  _app: "app",
  _layout: "layout",
  _middleware: "middleware",
  _error: "error",
};

/**
 * Reads the role and place of a file from its path below `routes/`, e.g. "(app)/tickets/[id]/index".
 *
 * @throws Error for a name that means something to Fresh and isn't covered here
 */
export function placeOf(id: string): Place {
  const parts = id.split("/");
  const name = parts.pop()!;
  const kind = KINDS[name] ?? "route";
  if (kind === "route" && (name.startsWith("_") || id.includes("[["))) {
    throw new Error(`Cannot build "${id}": the stand-in for Fresh doesn't cover files of this name`);
  }
  const folder = `/${parts.map(pattern).join("/")}`;
  const visible = [...parts, name].filter((part) => !/^\(.*\)$/.test(part));
  if (visible.at(-1) === "index") visible.pop();
  return { kind, id, folder, pattern: kind === "route" ? `/${visible.map(pattern).join("/")}` : "" };
}

/** Turns one part of a path into `URLPattern` syntax: [id], [...rest], a-[b]-c. */
function pattern(part: string): string {
  return part.replace(/^\[\.\.\.(\w+)\]$/, ":$1*").replaceAll(/\[(\w+)\]/g, ":$1");
}

/** Orders files for registration: what wraps before what is wrapped, then the more exact pattern first. */
export function compareFiles(a: Place, b: Place): number {
  if (a.kind !== "route" || b.kind !== "route") {
    return Number(a.kind === "route") - Number(b.kind === "route") || (a.id < b.id ? -1 : 1);
  }
  const [left, right] = [a.pattern.split("/"), b.pattern.split("/")];
  for (let i = 1; i < Math.max(left.length, right.length); i++) {
    const order = exactness(right[i]) - exactness(left[i]);
    if (order !== 0) return order;
  }
  return a.pattern < b.pattern ? -1 : 1;
}

function exactness(part: string | undefined): number {
  if (part === undefined) return 3;
  if (part.startsWith(":")) return part.endsWith("*") ? 0 : 1;
  return part.includes(":") ? 2 : 4;
}

/**
 * What a module answers with.
 *
 * @throws Error if it exports nothing of use
 */
export function pageOf<State>(id: string, { handler, default: component }: RouteModule<State>): Page<State> {
  if (handler === undefined && component === undefined) {
    throw new Error(`Cannot use "${id}": found no default or handler export`);
  }
  return { handler, component: component as RouteComponent<State> | undefined };
}
