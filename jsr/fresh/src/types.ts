import type { AnyComponent, ComponentType, RenderableProps, VNode } from "preact";
import type { Context } from "./context.ts";

/** The request methods that routes can be registered for. */
export type Method = "HEAD" | "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";

/** A function that yields its value later, so that a module is loaded on first use. */
export type Lazy<T> = () => Promise<T>;
/** A value, or a function that yields it later. */
export type MaybeLazy<T> = T | Lazy<T>;

/** Options of `new App()`. */
export interface FreshConfig {
  /** Serve below this path instead of the root, e.g. "/docs". */
  basePath?: string;
  mode?: "development" | "production";
  /** Let `ctx.url` follow X-Forwarded-Proto and X-Forwarded-Host. Only behind a proxy that sets both. */
  trustProxy?: boolean;
}

/** {@linkcode FreshConfig} with every default filled in. */
export interface ResolvedFreshConfig extends Required<FreshConfig> {
  root: string;
}

/** A step of the request pipeline: answers itself or returns `ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;
/** Older name of {@linkcode Middleware}. */
export type MiddlewareFn<State> = Middleware<State>;
/** A middleware, or a function that loads one. */
export type MaybeLazyMiddleware<State> = (
  ctx: Context<State>,
) => Response | Promise<Response | Middleware<State>>;

/** What a handler returns to have the page component rendered with `data`. */
export interface PageResponse<T> {
  data: T;
  headers?: HeadersInit | undefined;
  status?: number | undefined;
}

/** Handles one request: returns a response, or `page(data)` for the component. */
export interface HandlerFn<Data, State> {
  (
    ctx: Context<State>,
  ): Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;
}

/** One {@linkcode HandlerFn} per request method. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** The `handler` export of a route: one function for all methods, or an object by method. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** The data that a route's handler hands to its component. */
export type RouteData<Handler extends RouteHandler<unknown, unknown>> = Handler extends
  RouteHandler<infer Data, unknown> ? Data : never;

/** What layouts and app wrappers may skip. */
export interface LayoutConfig {
  skipInheritedLayouts?: boolean;
  skipAppWrapper?: boolean;
}

/** The `config` export of a route. */
export interface RouteConfig extends LayoutConfig {
  /** A `URLPattern` pathname to serve the route under, instead of the one its file name gives. */
  routeOverride?: string;
  /** The methods a lazily loaded route is registered for (default: all). */
  methods?: "ALL" | Method[];
}

/** What page, layout and app components are rendered with. */
export type PageProps<Data = unknown, T = unknown> =
  & Pick<
    Context<T>,
    | "config"
    | "url"
    | "req"
    | "params"
    | "info"
    | "state"
    | "isPartial"
    | "Component"
    | "error"
    | "route"
  >
  & { data: Data };

/** A component written as a native `async function`; it may also answer with a response. */
export type AsyncAnyComponent<P> = {
  // The same parameters as Preact's own components have, or a component's props can't be inferred.
  // deno-lint-ignore no-explicit-any
  (props: RenderableProps<P>, context?: any): Promise<VNode | Response | null>;
  displayName?: string;
  defaultProps?: Partial<P> | undefined;
};

/** A component of a page, layout, error page or app wrapper. */
export type RouteComponent<State> =
  | AnyComponent<PageProps<unknown, State>>
  | AsyncAnyComponent<PageProps<unknown, State>>;

/** A route as given to `app.route()` or exported by a file in `routes/`. */
export interface Route<State> {
  component?: RouteComponent<State> | undefined;
  config?: RouteConfig | undefined;
  handler?: RouteHandler<unknown, State> | undefined;
}

/** An exported island component and the script that holds it in the browser. */
export interface Island {
  file: string;
  name: string;
  exportName: string;
  fn: ComponentType;
}
