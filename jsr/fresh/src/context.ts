import { type FunctionComponent, isValidElement, type VNode } from "preact";
import type { BuildCache } from "./build_cache.ts";
import { renderPage } from "./render.ts";
import type { LayoutConfig, ResolvedFreshConfig, RouteComponent } from "./types.ts";

/** Key under which a rendered response carries the nonce of its scripts and styles. */
export const NONCE: unique symbol = Symbol.for("__freshNonce");
const PARTIAL_PARAM = "fresh-partial";
const ENCODER = new TextEncoder();

/** The wrappers around a page, changed by the segments that a request passes. */
export interface Ui<State> {
  app: RouteComponent<State> | null;
  layouts: RouteComponent<State>[];
}

/** How the app makes a context. */
export interface ContextInit {
  req: Request;
  url: URL;
  info: Deno.ServeHandlerInfo;
  route: string | null;
  params: Record<string, string>;
  config: ResolvedFreshConfig;
  cache: BuildCache;
}

/** Reads the wrappers that apply to a request now. */
export let internals: <State>(ctx: Context<State>) => Ui<State>;
/** Reads the build that a request is served from. */
export let buildCacheOf: <State>(ctx: Context<State>) => BuildCache;

/** What middlewares, handlers and components know of one request. */
export class Context<State> {
  #ui: Ui<State> = { app: null, layouts: [] };
  #cache: BuildCache;
  readonly config: ResolvedFreshConfig;
  /** The request's address, with repeated slashes of the path collapsed. */
  readonly url: URL;
  req: Request;
  /** The pattern of the matched route; null when none matched. */
  readonly route: string | null;
  readonly params: Record<string, string>;
  /** Filled by middlewares; starts empty on every request. */
  readonly state: State = {} as State;
  data: unknown = undefined;
  /** What was thrown, on the way out and in error pages. */
  error: unknown | null = null;
  readonly info: Deno.ServeHandlerInfo;
  readonly isPartial: boolean;
  /** Runs the rest of the pipeline. */
  next: () => Promise<Response> = () => Promise.reject(new Error("Cannot call next: no step is running"));
  /** What a layout or app wrapper wraps. */
  Component!: FunctionComponent;

  static {
    internals = (ctx) => ctx.#ui;
    buildCacheOf = (ctx) => ctx.#cache;
  }

  constructor(init: ContextInit) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.route = init.route;
    this.params = init.params;
    this.config = init.config;
    this.#cache = init.cache;
    this.isPartial = init.url.searchParams.has(PARTIAL_PARAM);
  }

  /** Makes a redirect; repeated slashes of a path are collapsed, so it can't leave the site by "//host". */
  redirect(pathOrUrl: string, status = 302): Response {
    let location = pathOrUrl;
    if (location.startsWith("/")) {
      const end = location.search(/[?#]/);
      const path = end === -1 ? location : location.slice(0, end);
      location = path.replace(/\/+/g, "/") + location.slice(path.length);
    }
    if (this.isPartial) {
      const [rest = "", hash] = location.split("#");
      location = `${rest}${rest.includes("?") ? "&" : "?"}${PARTIAL_PARAM}=true${
        hash === undefined ? "" : `#${hash}`
      }`;
    }
    return new Response(null, { status, headers: { location } });
  }

  /**
   * Renders JSX inside the layouts and app wrapper that apply here, as an HTML response.
   * Throws if `vnode` is neither JSX nor null.
   */
  async render(
    // deno-lint-ignore no-explicit-any
    vnode: VNode<any> | null,
    init: ResponseInit = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) throw new Error("Cannot render: not a JSX element");
    const layouts = config.skipInheritedLayouts ? [] : this.#ui.layouts;
    const app = config.skipAppWrapper ? null : this.#ui.app;
    const rendered = await renderPage(this, { vnode, layouts, app, cache: this.#cache });
    if (rendered instanceof Response) return rendered;
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    if (rendered.link !== "") headers.append("Link", rendered.link);
    const response = new Response(rendered.html, { ...init, headers });
    return Object.assign(response, { [NONCE]: rendered.nonce });
  }

  /** Responds with plain text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  /** Responds with a string of HTML, as it is. */
  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    return new Response(content, { ...init, headers });
  }

  /** Responds with JSON. */
  // deno-lint-ignore no-explicit-any
  json(content: any, init?: ResponseInit): Response {
    return Response.json(content, init);
  }

  /** Responds with the chunks of an iterable, or of a function that returns one; text is encoded. */
  stream<U extends string | Uint8Array>(
    stream: Iterable<U> | AsyncIterable<U> | (() => Iterable<U> | AsyncIterable<U>),
    init?: ResponseInit,
  ): Response {
    const chunks = typeof stream === "function" ? stream() : stream;
    const encode = new TransformStream<U, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        const bytes = typeof chunk === "string" ? ENCODER.encode(chunk) : chunk;
        controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      },
    });
    return new Response(ReadableStream.from(chunks).pipeThrough(encode), init);
  }
}

/** Older name of {@linkcode Context}. */
export type FreshContext<State = unknown> = Context<State>;
