import type { Method } from "./types.ts";

interface Entry<T> {
  route: string;
  exec: (pathname: string) => Record<string, string | undefined> | undefined;
  byMethod: Map<Method, T[]>;
}

/** What {@linkcode Router.match} found; `route` is null when no pattern matches the path. */
export interface Match<T> {
  route: string | null;
  params: Record<string, string>;
  /** The steps to run; null when the path matches but not the method. */
  steps: T[] | null;
  allowed: Method[];
}

const IS_PATTERN = /[*:{}+?()]/;

/** Finds the steps of a request: exact paths by a map, patterns one after the other in order of registration. */
export class Router<T> {
  #exact = new Map<string, Entry<T>>();
  #patterns = new Map<string, Entry<T>>();

  /** Registers steps; a second registration of the same path and method is appended to the first. */
  add(methods: readonly Method[], path: string, steps: T[]): void {
    const isPattern = IS_PATTERN.test(path);
    const table = isPattern ? this.#patterns : this.#exact;
    let entry = table.get(path);
    if (entry === undefined) {
      entry = { route: path, exec: isPattern ? compile(path) : () => undefined, byMethod: new Map() };
      table.set(path, entry);
    }
    for (const method of methods) {
      entry.byMethod.set(method, [...entry.byMethod.get(method) ?? [], ...steps]);
    }
  }

  /** Looks a path up. The first pattern that fits decides, even if it lacks the method. */
  match(method: Method, pathname: string): Match<T> {
    const exact = this.#exact.get(pathname);
    if (exact !== undefined) return found(exact, method, Object.create(null));
    for (const entry of this.#patterns.values()) {
      const groups = entry.exec(pathname);
      if (groups === undefined) continue;
      const params: Record<string, string> = Object.create(null);
      for (const name in groups) params[name] = decode(groups[name] ?? "");
      return found(entry, method, params);
    }
    return { route: null, params: Object.create(null), steps: null, allowed: [] };
  }
}

/**
 * Makes the function that matches a pattern. Plain ":name" patterns and "everything below" go without `URLPattern`,
 * which takes over 20 times as long.
 */
function compile(path: string): Entry<unknown>["exec"] {
  if (/^[\w\-~/]*\/\*$/.test(path)) {
    const prefix = path.slice(0, -1);
    return (pathname) => pathname.startsWith(prefix) ? { 0: pathname.slice(prefix.length) } : undefined;
  }
  if (!/^(?:[\w\-.~/]|:[A-Za-z_]\w*)+$/.test(path)) {
    const pattern = new URLPattern({ pathname: path });
    return (pathname) => pattern.exec({ pathname })?.pathname.groups;
  }
  const regExp = new RegExp(`^${path.replaceAll(".", "\\.").replace(/:(\w+)/g, "(?<$1>[^/]+?)")}$`);
  return (pathname) => regExp.exec(pathname)?.groups;
}

function found<T>(entry: Entry<T>, method: Method, params: Record<string, string>): Match<T> {
  const { byMethod, route } = entry;
  const steps = byMethod.get(method) ?? (method === "HEAD" ? byMethod.get("GET") : undefined) ?? null;
  return { route, params, steps, allowed: steps === null ? [...byMethod.keys()] : [] };
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Joins a mount point and a path into the path of a route; "*" stands for everything below. */
export function joinPath(base: string, path: string): string {
  const prefix = base.replace(/\/?\*?$/, "");
  if (path === "*" || path === "/*") return `${prefix}/*`;
  if (path === "" || path === "/") return prefix === "" ? "/" : prefix;
  return prefix + (path.startsWith("/") ? path : `/${path}`);
}

/** The names of the nested segments that a path belongs to; everything ("*") belongs to the root. */
export function segmentsOf(path: string): string[] {
  return path === "*" || path === "/*" ? [] : path.split("/").filter((part) => part !== "");
}
