import type { Method } from "./types.ts";

interface Route<T> {
  path: string;
  pattern: URLPattern | null;
  byMethod: Map<Method, T>;
}

/** What {@linkcode Router.match} found; `route` is null when nothing has the path. */
export interface Match<T> {
  route: string | null;
  params: Record<string, string>;
  /** Null when the path matches but not the method. */
  item: T | null;
  /** The methods that the path has. */
  methods: Method[];
}

/** Finds what answers a request: exact paths by a map, then patterns one after the other as they were added. */
export class Router<T> {
  #exact = new Map<string, Route<T>>();
  #patterns = new Map<string, Route<T>>();

  /** Adds an item for methods of a path, unless the path has one already. */
  add(methods: readonly Method[], path: string, item: T): void {
    const isPattern = /[*:{}+?()]/.test(path);
    const table = isPattern ? this.#patterns : this.#exact;
    const pattern = isPattern ? new URLPattern({ pathname: path }) : null;
    const route = table.get(path) ?? { path, pattern, byMethod: new Map() };
    table.set(path, route);
    for (const method of methods) if (!route.byMethod.has(method)) route.byMethod.set(method, item);
  }

  /**
   * Looks a path up; an exact one is found with and without a slash at its end. The first pattern that fits decides, even
   * if it lacks the method.
   *
   * @throws URIError when a parameter isn't valid percent-encoding
   */
  match(method: Method, pathname: string): Match<T> {
    const other = pathname.endsWith("/") ? pathname.slice(0, -1) : `${pathname}/`;
    const exact = this.#exact.get(pathname) ?? this.#exact.get(other);
    if (exact !== undefined) return found(exact, method, {});
    for (const route of this.#patterns.values()) {
      const match = route.pattern?.exec({ pathname });
      if (match) return found(route, method, match.pathname.groups);
    }
    return { route: null, params: {}, item: null, methods: [] };
  }
}

function found<T>(
  { path, byMethod }: Route<T>,
  method: Method,
  groups: Record<string, string | undefined>,
): Match<T> {
  const item = byMethod.get(method) ?? (method === "HEAD" ? byMethod.get("GET") : undefined) ?? null;
  const params: Record<string, string> = Object.create(null);
  // Encoded delimiters as %2F and %40 stay as they are.
  for (const [name, value = ""] of Object.entries(groups)) {
    if (item !== null) params[name] = decodeURI(value);
  }
  return { route: path, params, item, methods: [...byMethod.keys()] };
}
