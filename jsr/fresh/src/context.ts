import { type FunctionComponent, isValidElement, type VNode } from "preact";
import type { Build } from "./build.ts";
import { NONCE, PARTIAL, renderPage } from "./render.ts";
import type { RouteComponent } from "./types.ts";

/** The wrappers around a page, changed by the segments that a request passes. */
export interface Wrappers<State> {
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
  build: Build;
}

/** Reads the wrappers that apply to a request now. */
export let wrappersOf: <State>(ctx: Context<State>) => Wrappers<State>;
/** Reads the build that a request is served from. */
export let buildOf: <State>(ctx: Context<State>) => Build;

/** What middlewares, handlers and components know of one request. */
export class Context<State> {
  #wrappers: Wrappers<State> = { app: null, layouts: [] };
  #build: Build;
  /** The request's address, with repeated slashes of the path collapsed. */
  readonly url: URL;
  req: Request;
  /** The pattern of the matched route; null when none matched. */
  readonly route: string | null;
  readonly params: Record<string, string>;
  /** Filled by middlewares; starts empty on every request. */
  readonly state: State = {} as State;
  /** What was thrown, on the way out and in error pages. */
  error: unknown | null = null;
  readonly info: Deno.ServeHandlerInfo;
  /** Runs the rest of the pipeline. */
  next!: () => Promise<Response>;
  /** What a layout or app wrapper wraps. */
  Component!: FunctionComponent;

  static {
    wrappersOf = (ctx) => ctx.#wrappers;
    buildOf = (ctx) => ctx.#build;
  }

  constructor({ req, url, info, route, params, build }: ContextInit) {
    this.req = req;
    this.url = url;
    this.info = info;
    this.route = route;
    this.params = params;
    this.#build = build;
  }

  /** Makes a redirect; repeated slashes of a path are collapsed, so it can't leave the site by "//host". */
  redirect(pathOrUrl: string, status = 302): Response {
    let location = pathOrUrl;
    if (location.startsWith("/")) {
      const [path = ""] = location.split(location.includes("?") ? "?" : "#", 1);
      location = path.replace(/\/+/g, "/") + location.slice(path.length);
    }
    if (this.url.searchParams.has(PARTIAL)) {
      const [page = ""] = location.split("#", 1);
      location = `${page}${page.includes("?") ? "&" : "?"}${PARTIAL}=true${location.slice(page.length)}`;
    }
    return new Response(null, { status, headers: { location } });
  }

  /** Renders JSX inside the layouts and app wrapper that apply here, as an HTML response. */
  // deno-lint-ignore no-explicit-any require-await
  async render(vnode: VNode<any> | null, init: ResponseInit = {}): Promise<Response> {
    if (vnode !== null && !isValidElement(vnode)) throw new Error("Cannot render: not a JSX element");
    const { html, nonce, link, partial } = renderPage(this, vnode, { ...this.#wrappers, build: this.#build });
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "text/html; charset=utf-8");
    if (partial !== "") headers.set("X-Fresh-Id", partial);
    if (link !== "") headers.append("Link", link);
    return Object.assign(new Response(html, { ...init, headers }), { [NONCE]: nonce });
  }

  /** Responds with plain text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }
}
