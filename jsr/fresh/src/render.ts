import { type ComponentType, Fragment, type FunctionComponent, h, toChildArray, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { BuildCache } from "./build_cache.ts";
import type { Context } from "./context.ts";
import { collectIslands, comment, IslandBoundary, type IslandPage, scriptsOf } from "./islands.ts";
import { asset, assetSrcSet, collectHead, headKey } from "./runtime.ts";
import { installHook } from "./vnode_hook.ts";
import type { PageProps, RouteComponent } from "./types.ts";

const SCRIPTS = "frsh:scripts";
const NO_CHILD: FunctionComponent = () => null;

/** A page on its way to HTML. */
interface Rendering extends IslandPage {
  nonce: string;
  basePath: string;
  head: VNode[];
  seen: Set<string>;
}

/** What to render: a page and its wrappers, outermost layout first. */
export interface PageTree<State> {
  vnode: VNode | null;
  layouts: RouteComponent<State>[];
  app: RouteComponent<State> | null;
  cache: BuildCache;
}

/** A rendered page. */
export interface RenderedPage {
  html: string;
  nonce: string;
  /** The `Link` header that preloads the islands' scripts; empty if there are none. */
  link: string;
}

let current: Rendering | null = null;

/** Renders one component with the request's props; async functions are called here and may answer themselves. */
export async function renderComponent<State>(
  ctx: Context<State>,
  component: RouteComponent<State>,
  options: { data?: unknown; child?: FunctionComponent },
): Promise<VNode | Response | null> {
  const { config, url, req, params, info, state, isPartial, error, route } = ctx;
  const { data, child: Component = NO_CHILD } = options;
  const props: PageProps<unknown, State> = {
    ...{ config, url, req, params, info, state, isPartial, error, route, data, Component },
  };
  if (component.constructor.name !== "AsyncFunction") {
    return h(component as ComponentType<typeof props>, props) as VNode;
  }
  ctx.Component = Component;
  const call = component as (props: PageProps<unknown, State>) => Promise<VNode | Response | null>;
  return await call(props);
}

/** Renders a page inside its layouts and app wrapper; a component that answers itself ends it. */
export async function renderPage<State>(
  ctx: Context<State>,
  tree: PageTree<State>,
): Promise<RenderedPage | Response> {
  let vnode = tree.vnode;
  for (const layout of tree.layouts.toReversed()) {
    const inner = vnode;
    const wrapped = await renderComponent(ctx, layout, { child: () => inner });
    if (wrapped instanceof Response) return wrapped;
    vnode = wrapped;
  }
  // The page is rendered before the app wrapper, whose head needs to know what the page put there.
  let inner: VNode | null = vnode;
  const app = tree.app === null ? null : await renderComponent(ctx, tree.app, { child: () => inner });
  if (app instanceof Response) return app;

  const { basePath } = ctx.config;
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const page: Rendering = {
    ...{ basePath, nonce, cache: tree.cache, head: [], seen: new Set(), islands: [], slots: [] },
  };
  return during(page, () => {
    let html = renderToString(vnode ?? h(Fragment, null));
    if (tree.app !== null) {
      inner = raw(html);
      html = renderToString(app ?? h(Fragment, null));
    }
    html = completed(html, page.seen);
    const { scripts, link } = scriptsOf(page);
    const marker = `<!--${SCRIPTS}-->`;
    const at = html.lastIndexOf(marker);
    return {
      html: `<!DOCTYPE html>${html.slice(0, at)}${scripts}${html.slice(at + marker.length)}`,
      nonce,
      link,
    };
  });
}

function during<T>(page: Rendering, render: () => T): T {
  current = page;
  collectIslands(page);
  collectHead({ add: (elements) => page.head.push(...elements) });
  try {
    return render();
  } finally {
    current = null;
    collectIslands(null);
    collectHead(null);
  }
}

function raw(html: string): VNode {
  return jsxTemplate([html]);
}

/** Adds the parts of the document that the page didn't render itself. */
function completed(html: string, seen: Set<string>): string {
  if (seen.has("body") && seen.has("head") && seen.has("html")) return html;
  let vnode = raw(html);
  if (!seen.has("body")) vnode = h("body", null, vnode);
  if (!seen.has("head")) vnode = h(Fragment, null, h("head", null, h("meta", { charset: "utf-8" })), vnode);
  if (!seen.has("html")) vnode = h("html", null, vnode);
  return renderToString(vnode);
}

/** Completes the elements that the framework has a part in, just before each is rendered. */
installHook((vnode) => {
  if (current === null) return;
  const { type } = vnode;
  if (typeof type === "function") {
    const island = current.cache.islands.get(type);
    if (island !== undefined) IslandBoundary.take(vnode, island);
    return;
  }
  const props = vnode.props as Record<string, unknown> & { children?: VNode };
  switch (type) {
    case "html":
      current.seen.add(type);
      break;
    case "head":
      current.seen.add(type);
      vnode.props = { ...props, children: headChildren(props.children, current.head) } as typeof vnode.props;
      break;
    case "body":
      current.seen.add(type);
      vnode.props = { ...props, children: [props.children, comment(SCRIPTS)] } as typeof vnode.props;
      break;
    case "script":
    case "style":
      props.nonce ??= current.nonce;
      break;
    case "img":
    case "source":
      if (typeof props.src === "string") props.src = asset(props.src, current.basePath);
      if (typeof props.srcset === "string") props.srcset = assetSrcSet(props.srcset, current.basePath);
      break;
  }
});

/** The head's own children but for those that the page replaces, then the page's. */
function headChildren(own: unknown, added: VNode[]): unknown {
  if (added.length === 0) return own;
  const last = new Map<string, VNode>();
  const rest: VNode[] = [];
  for (const vnode of added) {
    const key = headKey(vnode);
    if (key === null) rest.push(vnode);
    else last.set(key, vnode);
  }
  const kept = toChildArray(own as VNode).map((child) => withoutReplaced(child, last));
  return [...kept, ...last.values(), ...rest];
}

function withoutReplaced(child: unknown, replaced: Map<string, VNode>): unknown {
  if (typeof child !== "object" || child === null) return child;
  const vnode = child as VNode<{ children?: VNode; exprs?: unknown[]; tpl?: string[] }>;
  if (typeof vnode.type === "string") {
    const key = headKey(vnode);
    return key !== null && replaced.has(key) ? null : vnode;
  }
  const { exprs, tpl } = vnode.props;
  if (vnode.type !== Fragment || exprs === undefined || tpl === undefined) return vnode;
  return jsxTemplate(tpl, ...exprs.map((expr) => withoutReplaced(expr, replaced)));
}
