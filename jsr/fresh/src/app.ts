import { STATUS_CODES } from "node:http";
import { type Build, EMPTY_BUILD } from "./build.ts";
import { Context } from "./context.ts";
import { pageOf, type RouteFile } from "./files.ts";
import { HttpError } from "./http_error.ts";
import { Router } from "./router.ts";
import { answer, newSegment, type Page, runSteps, type Segment, segmentAt, stepsOf } from "./segments.ts";
import type { Method, Middleware } from "./types.ts";

const METHODS: readonly Method[] = ["GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const NO_CONNECTION = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
} as Deno.ServeHandlerInfo;

interface Routes<State> {
  router: Router<Middleware<State>[]>;
  root: Segment<State>;
}

/** Puts a build behind an app; what the built server calls. */
export let setBuild: <State>(app: App<State>, build: Build) => void;

/** A web application: middlewares and routes, registered in order. */
export class App<State> {
  #registrations: ((routes: Routes<State>) => void)[] = [];
  #build: Build = EMPTY_BUILD;

  static {
    setBuild = (app, build) => void (app.#build = build);
  }

  /** Adds middlewares for everything that is registered after them. */
  use(...middlewares: Middleware<State>[]): this {
    this.#registrations.push(({ root }) => void root.middlewares.push(...middlewares));
    return this;
  }

  /** Answers GET and HEAD at a path or pattern. */
  get(path: string, ...middlewares: Middleware<State>[]): this {
    return this.#handle(["GET"], path, middlewares);
  }

  /** Answers every method at a path or pattern. */
  all(path: string, ...middlewares: Middleware<State>[]): this {
    return this.#handle(METHODS, path, middlewares);
  }

  /** Inserts the pages of `routes/` at this point; they come from the build. */
  fsRoutes(): this {
    this.#registrations.push((routes) => {
      for (const file of this.#build.routes) addFile(routes, file as RouteFile<State>);
    });
    return this;
  }

  /** Makes the function that answers requests. It rejects for a path whose parameters can't be decoded. */
  handler(): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const build = this.#build;
    const routes: Routes<State> = { router: new Router(), root: newSegment(null) };
    for (const register of this.#registrations) register(routes);
    const rootSteps = stepsOf(routes.root);

    return async (req, info = NO_CONNECTION) => {
      const url = new URL(req.url);
      url.pathname = url.pathname.replace(/\/+/g, "/");
      const method = req.method.toUpperCase() as Method;
      const { route, params, item, methods } = routes.router.match(method, url.pathname);
      const ctx = new Context<State>({ req, url, info, route, params, build });
      const end = route === null || item !== null ? notFound : () => wrongMethod(method, methods);
      try {
        const response = await runSteps(item ?? rootSteps, ctx, end);
        return method === "HEAD" ? new Response(null, response) : response;
      } catch (error) {
        return plainError(error);
      }
    };
  }

  #handle(methods: readonly Method[], path: string, middlewares: Middleware<State>[]): this {
    this.#registrations.push(({ router, root }) => {
      router.add(methods, path, [...stepsOf(segmentAt(root, path)), ...middlewares]);
    });
    return this;
  }
}

function addFile<State>({ router, root }: Routes<State>, file: RouteFile<State>): void {
  const segment = segmentAt(root, file.folder);
  if (file.kind === "route") {
    let page: Page<State> | undefined;
    const step: Middleware<State> = async (ctx) => {
      page ??= pageOf(file.id, await file.load());
      return await answer(ctx, page);
    };
    return router.add(METHODS, file.pattern, [...stepsOf(segment), step]);
  }
  const page = pageOf(file.id, file.mod);
  if (file.kind === "middleware") {
    segment.middlewares.push(...[file.mod.default].flat() as Middleware<State>[]);
  } else if (file.kind === "error") segment.errorPage = page;
  else if (file.kind === "layout") segment.layout = page.component ?? null;
  else root.app = page.component ?? null;
}

function notFound(): Promise<Response> {
  return Promise.reject(new HttpError(404));
}

function wrongMethod(method: Method, methods: Method[]): Promise<Response> {
  if (method !== "OPTIONS") return Promise.reject(new HttpError(405));
  return Promise.resolve(new Response(null, { status: 204, headers: { Allow: methods.join(", ") } }));
}

function plainError(error: unknown): Response {
  // deno-lint-ignore no-console
  if (!(error instanceof HttpError) || error.status >= 500) console.error(error);
  if (!(error instanceof HttpError)) return new Response("Internal server error", { status: 500 });
  return new Response(error.message || STATUS_CODES[error.status], { status: error.status });
}
