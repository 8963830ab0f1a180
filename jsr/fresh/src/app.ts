import { type BuildCache, emptyBuildCache } from "./build_cache.ts";
import { setBuildId } from "./build_id.ts";
import { Context } from "./context.ts";
import { opsOfFiles } from "./files.ts";
import { HttpError } from "./http_error.ts";
import { joinPath, Router, segmentsOf } from "./router.ts";
import { newSegment, renderRoute, runSteps, type Segment, segmentAt, stepsOf } from "./segment.ts";
import type {
  FreshConfig,
  LayoutConfig,
  MaybeLazy,
  MaybeLazyMiddleware,
  Method,
  Middleware,
  ResolvedFreshConfig,
  Route,
  RouteComponent,
  RouteConfig,
} from "./types.ts";

const METHODS: readonly Method[] = ["GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const NO_CONNECTION = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
} as Deno.ServeHandlerInfo;

/** One registration, replayed in order when the handler is made. */
export type Op<State> =
  | { kind: "use"; path: string; fns: MaybeLazyMiddleware<State>[] }
  | { kind: "handle"; path: string; methods: readonly Method[]; fns: MaybeLazyMiddleware<State>[] }
  | { kind: "layout"; path: string; component: RouteComponent<State>; config?: LayoutConfig | undefined }
  | { kind: "error"; path: string; route: Route<State> }
  | { kind: "app"; component: RouteComponent<State> }
  | { kind: "notFound"; route: Route<State> }
  | { kind: "files"; path: string; ops: () => Op<State>[] }
  | {
    kind: "route";
    path: string;
    route: MaybeLazy<Route<State>>;
    config?: RouteConfig | undefined;
    /** The URL pattern, where it isn't `path` itself: `path` then names the route's folder. */
    pattern?: string;
  };

/** Where `app.listen()` serves, as for `Deno.serve`. */
export type ListenOptions = Partial<Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem> & {
  remoteAddress?: string;
};

/** Puts a build behind an app; what `Builder` and the built server call. */
export let setBuildCache: <State>(
  app: App<State>,
  cache: BuildCache,
  mode?: "development" | "production",
) => void;

/** A web application: middlewares, routes, layouts and error pages, registered in order. */
export class App<State> {
  #ops: Op<State>[] = [];
  #cache: () => BuildCache | null = () => null;
  config: ResolvedFreshConfig;

  static {
    setBuildCache = (app, cache, mode) => {
      app.#cache = () => cache;
      app.config.root = cache.root;
      if (mode !== undefined) app.config.mode = mode;
      setBuildId(cache.buildId);
    };
  }

  constructor(config: FreshConfig = {}) {
    const { basePath = "", mode = "production", trustProxy = false } = config;
    this.config = { root: ".", basePath, mode, trustProxy };
  }

  /** Adds middlewares for everything, or below a path, that is registered after them. */
  use(...middleware: MaybeLazyMiddleware<State>[]): this;
  use(path: string, ...middleware: MaybeLazyMiddleware<State>[]): this;
  use(first: string | MaybeLazyMiddleware<State>, ...rest: MaybeLazyMiddleware<State>[]): this {
    return typeof first === "string"
      ? this.#add({ kind: "use", path: first, fns: rest })
      : this.#add({ kind: "use", path: "*", fns: [first, ...rest] });
  }

  /** Sets the page or middleware that answers every 404. */
  notFound(route: Route<State> | Middleware<State>): this {
    return this.#add({ kind: "notFound", route: asRoute(route) });
  }

  /** Sets the page or middleware that answers what is thrown below a path. */
  onError(path: string, route: Route<State> | Middleware<State>): this {
    return this.#add({ kind: "error", path, route: asRoute(route) });
  }

  /** Sets the outermost component, which renders html, head and body. */
  appWrapper(component: RouteComponent<State>): this {
    return this.#add({ kind: "app", component });
  }

  /** Wraps the pages below a path. */
  layout(path: string, component: RouteComponent<State>, config?: LayoutConfig): this {
    return this.#add({ kind: "layout", path, component, config });
  }

  /** Adds a page; methods that its handler lacks are answered with 405. */
  route(path: string, route: MaybeLazy<Route<State>>, config?: RouteConfig): this {
    return this.#add({ kind: "route", path, route, config });
  }

  get(path: string, ...fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(path, ["GET"], fns);
  }
  post(path: string, ...fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(path, ["POST"], fns);
  }
  patch(path: string, ...fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(path, ["PATCH"], fns);
  }
  put(path: string, ...fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(path, ["PUT"], fns);
  }
  delete(path: string, ...fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(path, ["DELETE"], fns);
  }
  head(path: string, ...fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(path, ["HEAD"], fns);
  }
  /** Adds a handler for all methods. */
  all(path: string, ...fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle(path, METHODS, fns);
  }

  /** Inserts the pages of `routes/` at this point; they come from the build. */
  fsRoutes(pattern = "*"): this {
    return this.#add({ kind: "files", path: pattern, ops: () => opsOfFiles(this.#cache()?.routes ?? []) });
  }

  /** Adds everything that another app has registered until now, below a path. */
  mountApp(path: string, app: App<State>): this {
    for (const op of app.#ops) this.#add(mounted(joinPath(path, app.config.basePath), op));
    app.#cache = () => this.#cache();
    return this;
  }

  /** Makes the function that answers requests, for `Deno.serve` and for tests. */
  handler(): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const cache = this.#cache() ?? emptyBuildCache();
    const router = new Router<MaybeLazyMiddleware<State>>();
    const root = newSegment<State>(null);
    for (const op of this.#ops) apply({ router, root, base: this.config.basePath }, op);
    const rootSteps = stepsOf(root);

    return async (req, info = NO_CONNECTION) => {
      const url = urlOf(req, this.config.trustProxy);
      const method = req.method.toUpperCase() as Method;
      const { route, params, steps, allowed } = router.match(method, url.pathname);
      const ctx = new Context<State>({ req, url, info, route, params, config: this.config, cache });
      try {
        const end = route === null || steps !== null ? notFound : () => wrongMethod(method, allowed);
        const response = await runSteps(steps ?? rootSteps, ctx, end);
        if (!(response instanceof Response)) {
          throw new Error(`Expected a "Response" instance to be returned, but got: ${response}`);
        }
        if (method !== "HEAD" || response.body === null) return response;
        await response.body.cancel();
        return new Response(null, response);
      } catch (error) {
        return await plainError(error);
      }
    };
  }

  /** Serves the app; without a port, on the first free one from 8000 to 8019. */
  async listen(options: ListenOptions = {}): Promise<void> {
    const handler = this.handler();
    if (options.port) return void await Deno.serve(options, handler);
    for (let port = 8000;; port++) {
      try {
        return void await Deno.serve({ ...options, port }, handler);
      } catch (error) {
        if (!(error instanceof Deno.errors.AddrInUse) || port === 8019) throw error;
      }
    }
  }

  #handle(path: string, methods: readonly Method[], fns: MaybeLazy<Middleware<State>>[]): this {
    return this.#add({ kind: "handle", path, methods, fns: fns as MaybeLazyMiddleware<State>[] });
  }

  #add(op: Op<State>): this {
    this.#ops.push(op);
    return this;
  }
}

function asRoute<State>(route: Route<State> | Middleware<State>): Route<State> {
  return typeof route === "function" ? { handler: route } : route;
}

/** Moves a registration below a path. */
function mounted<State>(base: string, op: Op<State>): Op<State> {
  if (op.kind === "app" || op.kind === "notFound" || base === "/") return op;
  const isSegment = op.kind === "use" || op.kind === "layout" || op.kind === "error" || op.kind === "files";
  const moved = {
    ...op,
    path: isSegment && segmentsOf(op.path).length === 0 ? base : joinPath(base, op.path),
  };
  if (moved.kind === "route" && moved.pattern !== undefined) moved.pattern = joinPath(base, moved.pattern);
  return moved;
}

interface Target<State> {
  router: Router<MaybeLazyMiddleware<State>>;
  root: Segment<State>;
  base: string;
}

function apply<State>(target: Target<State>, op: Op<State>): void {
  const { router, root, base } = target;
  if (op.kind === "app") root.app = op.component;
  else if (op.kind === "notFound") root.notFound = op.route;
  else if (op.kind === "files") {
    const path = joinPath(op.path === "*" ? "/" : op.path, "/");
    for (const inner of op.ops()) apply(target, mounted(path, inner));
  } else {
    const segment = segmentAt(root, segmentsOf(op.path));
    if (op.kind === "use") segment.middlewares.push(...op.fns);
    else if (op.kind === "layout") segment.layout = { component: op.component, config: op.config };
    else if (op.kind === "error") segment.errorRoute = op.route;
    else if (op.kind === "handle") {
      router.add(op.methods, joinPath(base, op.path), [...stepsOf(segment), ...op.fns]);
    } else addRoute(target, segment, op);
  }
}

function addRoute<State>(
  { router, base }: Target<State>,
  segment: Segment<State>,
  op: Op<State> & { kind: "route" },
): void {
  let { route } = op;
  const step: Middleware<State> = async (ctx) => {
    if (typeof route === "function") route = await route();
    return await renderRoute(ctx, route);
  };
  const config = typeof route === "function" ? op.config : { ...op.config, ...route.config };
  const path = joinPath(base, config?.routeOverride ?? op.pattern ?? op.path);
  router.add(methodsOf(route, op), path, [...stepsOf(segment), step]);
}

function methodsOf<State>(
  route: MaybeLazy<Route<State>>,
  op: Op<State> & { kind: "route" },
): readonly Method[] {
  if (Array.isArray(op.config?.methods)) return op.config.methods;
  // A file's methods aren't known before it is loaded: it takes all, and answers 404 to those it lacks.
  if (op.pattern !== undefined || typeof route === "function") return METHODS;
  if (route.handler === undefined || typeof route.handler === "function") return METHODS;
  const methods = METHODS.filter((method) => Object.hasOwn(route.handler ?? {}, method));
  return route.component !== undefined && !methods.includes("GET") ? ["GET", ...methods] : methods;
}

function urlOf(req: Request, trustProxy: boolean): URL {
  const url = new URL(req.url);
  if (url.pathname.includes("//")) url.pathname = url.pathname.replace(/\/+/g, "/");
  if (trustProxy) {
    const proto = req.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
    const host = req.headers.get("x-forwarded-host")?.split(",")[0]?.trim();
    if (host) {
      // Setting the host keeps an old port that the new host doesn't name.
      url.port = "";
      url.host = host;
    }
    if (proto === "http" || proto === "https") url.protocol = proto;
  }
  return url;
}

function notFound(): Promise<Response> {
  return Promise.reject(new HttpError(404));
}

function wrongMethod(method: Method, allowed: Method[]): Promise<Response> {
  if (method !== "OPTIONS") return Promise.reject(new HttpError(405));
  return Promise.resolve(new Response(null, { status: 204, headers: { Allow: allowed.join(", ") } }));
}

async function plainError(error: unknown): Promise<Response> {
  // deno-lint-ignore no-console
  if (!(error instanceof HttpError) || error.status >= 500) console.error(error);
  if (!(error instanceof HttpError)) return new Response("Internal server error", { status: 500 });
  const { message, status } = error;
  if (message !== "") return new Response(message, { status });
  const { STATUS_CODES } = await import("node:http");
  return new Response(STATUS_CODES[status] ?? "Error", { status });
}
