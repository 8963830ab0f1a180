import { type Context, internals } from "./context.ts";
import { HttpError } from "./http_error.ts";
import { renderComponent } from "./render.ts";
import type { HandlerFn, LayoutConfig, MaybeLazyMiddleware, Route, RouteComponent } from "./types.ts";

/** A node of the path tree: what applies to every route registered below it. */
export interface Segment<State> {
  parent: Segment<State> | null;
  children: Map<string, Segment<State>>;
  middlewares: MaybeLazyMiddleware<State>[];
  layout: { component: RouteComponent<State>; config: LayoutConfig | undefined } | null;
  app: RouteComponent<State> | null;
  errorRoute: Route<State> | null;
  notFound: Route<State> | null;
}

/** Makes an empty segment below `parent`, or a root. */
export function newSegment<State>(parent: Segment<State> | null): Segment<State> {
  const empty = { layout: null, app: null, errorRoute: null, notFound: null };
  return { parent, children: new Map(), middlewares: [], ...empty };
}

/** Finds the segment at `names` below `root`, making those that are missing. */
export function segmentAt<State>(root: Segment<State>, names: string[]): Segment<State> {
  let segment = root;
  for (const name of names) {
    const child = segment.children.get(name) ?? newSegment(segment);
    segment.children.set(name, child);
    segment = child;
  }
  return segment;
}

/** Lists the steps around a route of `segment`, as registered until now: what comes later doesn't apply to it. */
export function stepsOf<State>(segment: Segment<State>): MaybeLazyMiddleware<State>[] {
  const path: Segment<State>[] = [];
  for (let node: Segment<State> | null = segment; node !== null; node = node.parent) path.unshift(node);
  const root = path[0] ?? segment;
  return path.flatMap((node) => [boundary(node, root), ...node.middlewares]);
}

/** The step that adds a segment's layout for those inside it, and catches what they throw. */
function boundary<State>(segment: Segment<State>, root: Segment<State>): MaybeLazyMiddleware<State> {
  const { layout, app, errorRoute } = segment;
  return async (ctx) => {
    const ui = internals(ctx);
    const before = { app: ui.app, layouts: ui.layouts };
    if (app !== null) ui.app = app;
    if (layout !== null) {
      if (layout.config?.skipAppWrapper) ui.app = null;
      const inherited = layout.config?.skipInheritedLayouts ? [] : ui.layouts;
      ui.layouts = [...inherited, layout.component];
    }
    const mine = { app: ui.app, layouts: ui.layouts };
    try {
      return await ctx.next();
    } catch (error) {
      Object.assign(ui, mine);
      ctx.error = error;
      const status = error instanceof HttpError ? error.status : 500;
      if (status === 404 && root.notFound !== null) return await renderRoute(ctx, root.notFound, 404);
      if (errorRoute === null) throw error;
      return await renderRoute(ctx, errorRoute, status);
    } finally {
      Object.assign(ui, before);
    }
  };
}

/** Runs the steps in order; the last one's `ctx.next()` calls `end`. */
export function runSteps<State>(
  steps: MaybeLazyMiddleware<State>[],
  ctx: Context<State>,
  end: () => Promise<Response>,
): Promise<Response> {
  async function run(index: number): Promise<Response> {
    const step = steps[index];
    if (step === undefined) return await end();
    ctx.next = () => run(index + 1);
    try {
      const result = await step(ctx);
      if (typeof result !== "function") return result;
      steps[index] = result;
      return await result(ctx);
    } catch (error) {
      ctx.error = error;
      throw error;
    }
  }
  return run(0);
}

/** Answers with a route: its handler's response, or its component rendered with the handler's data. */
export async function renderRoute<State>(
  ctx: Context<State>,
  route: Route<State>,
  status = 200,
): Promise<Response> {
  const ui = internals(ctx);
  if (route.config?.skipAppWrapper) ui.app = null;
  if (route.config?.skipInheritedLayouts) ui.layouts = [];

  const handler = handlerFor(route, ctx.req.method.toUpperCase());
  if (handler === null) return await ctx.next();
  const result = await handler(ctx);
  if (result instanceof Response) return result;

  const init = { status: result.status ?? status, headers: new Headers(result.headers) };
  if (route.component === undefined) return await ctx.render(null, init);
  const vnode = await renderComponent(ctx, route.component, { data: result.data });
  return vnode instanceof Response ? vnode : await ctx.render(vnode, init);
}

function handlerFor<State>(route: Route<State>, method: string): HandlerFn<unknown, State> | null {
  const { handler, component } = route;
  if (typeof handler === "function") return handler;
  const plain = component === undefined ? null : () => ({ data: {} });
  if (handler === undefined) return plain;
  const get = handler.GET ?? plain;
  if (method === "GET") return get;
  if (method === "HEAD") return handler.HEAD ?? get;
  return Object.hasOwn(handler, method) ? handler[method as "POST"] ?? null : null;
}
