import { h, type VNode } from "preact";
import { type Context, wrappersOf } from "./context.ts";
import { HttpError } from "./http_error.ts";
import { propsOf } from "./render.ts";
import type { HandlerFn, Method, Middleware, RouteComponent, RouteHandler } from "./types.ts";

/** A page: what answers, and what its data is rendered with. */
export interface Page<State> {
  handler: RouteHandler<unknown, State> | undefined;
  component: RouteComponent<State> | undefined;
}

/** A node of the path tree: what applies to every route registered below it. */
export interface Segment<State> {
  parent: Segment<State> | null;
  children: Map<string, Segment<State>>;
  middlewares: Middleware<State>[];
  layout: RouteComponent<State> | null;
  app: RouteComponent<State> | null;
  errorPage: Page<State> | null;
}

/** Makes an empty segment below `parent`, or a root. */
export function newSegment<State>(parent: Segment<State> | null): Segment<State> {
  return { parent, children: new Map(), middlewares: [], layout: null, app: null, errorPage: null };
}

/** Finds the segment of a path below `root`, making what is missing; "*" and "/" are the root itself. */
export function segmentAt<State>(root: Segment<State>, path: string): Segment<State> {
  let segment = root;
  for (const name of path.split("/").filter((part) => part !== "" && part !== "*")) {
    const child = segment.children.get(name) ?? newSegment(segment);
    segment.children.set(name, child);
    segment = child;
  }
  return segment;
}

/** Lists the steps around a route of `segment`, as registered until now: what comes later doesn't apply to it. */
export function stepsOf<State>(segment: Segment<State>): Middleware<State>[] {
  const outer = segment.parent === null ? [] : stepsOf(segment.parent);
  return [...outer, boundary(segment), ...segment.middlewares];
}

/** The step that adds a segment's layout for those inside it, and catches what they throw. */
function boundary<State>({ layout, app, errorPage }: Segment<State>): Middleware<State> {
  return async (ctx) => {
    const wrappers = wrappersOf(ctx);
    const before = { ...wrappers };
    if (app !== null) wrappers.app = app;
    if (layout !== null) wrappers.layouts = [...wrappers.layouts, layout];
    const mine = { ...wrappers };
    try {
      return await ctx.next();
    } catch (error) {
      if (errorPage === null) throw error;
      Object.assign(wrappers, mine);
      return await answer(ctx, errorPage, error instanceof HttpError ? error.status : 500);
    } finally {
      Object.assign(wrappers, before);
    }
  };
}

/** Runs the steps in order; the last one's `ctx.next()` calls `end`. */
export function runSteps<State>(
  steps: Middleware<State>[],
  ctx: Context<State>,
  end: () => Promise<Response>,
): Promise<Response> {
  async function run(index: number): Promise<Response> {
    const step = steps[index];
    if (step === undefined) return await end();
    ctx.next = () => run(index + 1);
    try {
      return await step(ctx);
    } catch (error) {
      ctx.error = error;
      throw error;
    }
  }
  return run(0);
}

/** Answers with a page: its handler's response, or its component rendered with the handler's data. */
export async function answer<State>(
  ctx: Context<State>,
  { handler, component }: Page<State>,
  status = 200,
): Promise<Response> {
  const handle = handlerFor(ctx.req.method.toUpperCase() as Method, handler, component !== undefined);
  // A file takes every method: what its handler lacks is not found.
  if (handle === null) return await ctx.next();
  const result = await handle(ctx);
  if (result instanceof Response) return result;
  const init = { status: result.status ?? status, headers: headersOf(result.headers) };
  const vnode = component && h(component, propsOf(ctx, { data: result.data, child: null }));
  return await ctx.render((vnode ?? null) as VNode | null, init);
}

/** Of a name that is given twice, `Set-Cookie` too, the last counts. */
function headersOf(init: HeadersInit = {}): Headers {
  const headers = new Headers();
  const given = init instanceof Headers || Array.isArray(init) ? [...init] : Object.entries(init);
  for (const [name = "", value = ""] of given) headers.set(name, value);
  return headers;
}

function handlerFor<State>(
  method: Method,
  handler: RouteHandler<unknown, State> | undefined,
  hasComponent: boolean,
): HandlerFn<unknown, State> | null {
  const plain = hasComponent ? () => ({ data: {} }) : null;
  if (handler === undefined) return plain;
  if (typeof handler === "function") return handler;
  const get = handler.GET ?? plain;
  return handler[method] ?? (method === "GET" || method === "HEAD" ? get : null);
}
