import type { AnyComponent } from "preact";
import type {
  HandlerByMethod,
  HandlerFn,
  Middleware,
  PageProps,
  PageResponse,
  RouteHandler,
} from "./types.ts";

/** Identity functions that give routes, layouts and middlewares their types. */
export interface Define<State> {
  /** Types a `handler` export; with an explicit `Data` every `page()` must return that shape. */
  handlers<Data, Handlers extends RouteHandler<Data, State> = RouteHandler<Data, State>>(
    handlers: Handlers,
  ): typeof handlers;
  /** Types a page component; give `typeof handler` to type its `data`. */
  page<
    // deno-lint-ignore no-explicit-any
    Handler extends RouteHandler<any, State> = never,
    Data = Handler extends HandlerFn<infer Data, State> ? Data
      : Handler extends HandlerByMethod<infer Data, State> ? Data
      : never,
  >(render: AnyComponent<PageProps<Data, State>>): typeof render;
  /** Types one middleware or a list of them. */
  middleware<M extends Middleware<State> | Middleware<State>[]>(middleware: M): typeof middleware;
  /** Types a layout or app wrapper. */
  layout(render: AnyComponent<PageProps<unknown, State>>): typeof render;
}

/** Makes the typed identity functions for an application whose `ctx.state` is `State`. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    middleware: (middleware) => middleware,
    layout: (render) => render,
  };
}

/** Makes a handler's result that renders the route's component with `data`. */
export function page<T>(data: T, options?: { headers?: HeadersInit; status?: number }): PageResponse<T> {
  return { data, ...options };
}
