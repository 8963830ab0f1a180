import type { Op } from "./app.ts";
import type {
  HandlerFn,
  MaybeLazyMiddleware,
  Route,
  RouteComponent,
  RouteConfig,
  RouteHandler,
} from "./types.ts";

/** The role a file in `routes/` has by its name. */
export type FileKind = "app" | "layout" | "middleware" | "error" | "notFound" | "route";

/** What a file in `routes/` may export. */
export interface RouteModule {
  config?: RouteConfig;
  handler?: unknown;
  handlers?: unknown;
  default?: unknown;
}

/** Where a file in `routes/` belongs. */
export interface FilePlace {
  kind: FileKind;
  /** Its path below `routes/`, without the extension. */
  id: string;
  /** The segment of its folder, groups kept, e.g. "/(app)/tickets/:id". */
  folder: string;
  /** The URL pattern it serves; for routes only. */
  pattern: string;
}

/** A file in `routes/` and its module, or how to load that. */
export interface FsItem extends FilePlace {
  mod: RouteModule | (() => Promise<RouteModule>);
}

const KINDS: Record<string, FileKind> = {
  _app: "app",
  _layout: "layout",
  _middleware: "middleware",
  _error: "error",
  _500: "error",
  _404: "notFound",
};

/** Reads the role and place of a file from its path below `routes/`, e.g. "(app)/tickets/[id]/index". */
export function placeOf(id: string): FilePlace {
  const parts = id.split("/");
  const name = parts.pop() ?? "";
  const kind = KINDS[name] ?? "route";
  const folder = parts.map((part) => convert(part, id)).join("") || "/";
  const visible = [...parts, name].filter((part) => !/^\(.*\)$/.test(part));
  if (visible.at(-1) === "index") visible.pop();
  const pattern = visible.map((part) => convert(part, id)).join("") || "/";
  return { kind, id, folder, pattern: kind === "route" ? pattern : "" };
}

/** Turns one part of a path into `URLPattern` syntax: [id], [...rest], [[optional]], a-[b]-c. */
function convert(part: string, id: string): string {
  const rest = /^\[\.\.\.(\w+)\]$/.exec(part);
  if (rest !== null) return `/:${rest[1]}*`;
  const optional = /^\[\[(\w+)\]\]$/.exec(part);
  if (optional !== null) return `{/:${optional[1]}}?`;
  const converted = part.replace(/\[(\w+)\]/g, ":$1");
  if (/[[\]]/.test(converted) || part.includes("][")) {
    throw new SyntaxError(`Invalid route pattern: "${id}"`);
  }
  return `/${converted}`;
}

/** Orders files for registration: what wraps before what is wrapped, exact paths before patterns. */
export function compareFiles(a: FilePlace, b: FilePlace): number {
  if (a.kind !== "route" || b.kind !== "route") {
    if (a.kind !== "route" && b.kind !== "route") return a.id < b.id ? -1 : 1;
    return a.kind === "route" ? 1 : -1;
  }
  const left = a.pattern.split("/");
  const right = b.pattern.split("/");
  for (let i = 1; i < Math.max(left.length, right.length); i++) {
    const order = weight(right[i]) - weight(left[i]);
    if (order !== 0) return order;
  }
  return a.pattern < b.pattern ? -1 : 1;
}

function weight(part: string | undefined): number {
  if (part === undefined) return 4;
  if (part.startsWith(":")) return part.endsWith("*") ? 0 : 2;
  if (part.includes("}") || part.includes("{")) return 1;
  return part.includes(":") ? 3 : 5;
}

/** Turns the files into registrations. Throws if a module exports nothing of use. */
export function opsOfFiles<State>(items: FsItem[]): Op<State>[] {
  return items.flatMap((item): Op<State>[] => {
    const { mod, kind, folder: path } = item;
    if (kind === "route") {
      const route = typeof mod === "function"
        ? async () => routeOf<State>(await mod(), item)
        : routeOf<State>(mod, item);
      return [{ kind, path, pattern: item.pattern, route }];
    }
    if (typeof mod === "function") throw new Error(`Cannot load "${item.id}" lazily: only routes are`);
    const route = routeOf<State>(mod, item);
    if (kind === "error") return [{ kind, path, route }];
    if (kind === "notFound") return [{ kind, route }];
    if (kind === "middleware") return [{ kind: "use", path, fns: middlewaresOf(mod, item) }];
    const { component } = route;
    if (component === undefined) return [];
    return [kind === "app" ? { kind, component } : { kind, path, component, config: mod.config }];
  });
}

function routeOf<State>(mod: RouteModule, { id }: FilePlace): Route<State> {
  const handler = mod.handlers ?? mod.handler;
  if (handler === undefined && mod.default === undefined && mod.config === undefined) {
    throw new Error(`Cannot use "${id}": found no default, handler or config export`);
  }
  return {
    component: mod.default as RouteComponent<State> | undefined,
    config: mod.config,
    handler: handler as RouteHandler<unknown, State> | undefined,
  };
}

function middlewaresOf<State>(mod: RouteModule, { id }: FilePlace): MaybeLazyMiddleware<State>[] {
  const found = [mod.handlers ?? mod.handler ?? mod.default].flat() as HandlerFn<unknown, State>[];
  if (!found.every((fn) => typeof fn === "function")) {
    throw new Error(`Cannot use "${id}" as middleware: expected a function or an array of functions`);
  }
  return found as unknown as MaybeLazyMiddleware<State>[];
}
