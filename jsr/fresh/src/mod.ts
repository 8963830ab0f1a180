/**
 * A stand-in for the JSR package `@fresh/core` 2.3.3: the part of its public API that the README names.
 * @module
 */
export { App } from "./app.ts";
export type { Context } from "./context.ts";
export { createDefine, type Define, page } from "./define.ts";
export { HttpError } from "./http_error.ts";
export { staticFiles } from "./static_files.ts";
export type {
  HandlerByMethod,
  HandlerFn,
  Method,
  Middleware,
  PageProps,
  PageResponse,
  RouteHandler,
} from "./types.ts";
