import type { AnyComponent } from "preact";
import type { Context } from "./context.ts";

/** The request methods that a route can answer. */
export type Method = "HEAD" | "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS";

/** A step of the request pipeline: answers itself or returns `ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** What a handler returns to have the page component rendered with `data`. */
export interface PageResponse<T> {
  data: T;
  headers?: HeadersInit;
  status?: number;
}

/** Handles one request: returns a response, or `page(data)` for the component. */
export interface HandlerFn<Data, State> {
  (ctx: Context<State>): Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;
}

/** One {@linkcode HandlerFn} per request method. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** The `handler` export of a route: one function for all methods, or an object by method. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** What page, layout and app components are rendered with. */
export type PageProps<Data = unknown, T = unknown> =
  & Pick<Context<T>, "url" | "req" | "params" | "info" | "state" | "Component" | "error" | "route">
  & { data: Data };

/** A component of a page, layout, error page or app wrapper. */
export type RouteComponent<State> = AnyComponent<PageProps<unknown, State>>;

/** What a file in `routes/` may export, whatever its role. */
export interface RouteModule<State> {
  default?: RouteComponent<State> | Middleware<State> | Middleware<State>[];
  handler?: RouteHandler<unknown, State>;
}
