import { Fragment, type FunctionComponent, h, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { Build } from "./build.ts";
import type { Context, Wrappers } from "./context.ts";
import { rendered, type Rendering, scriptUrls } from "./islands.ts";
import type { PageProps } from "./types.ts";

/** Key under which a rendered response carries the nonce of its scripts and styles. */
export const NONCE: unique symbol = Symbol.for("__freshNonce");

/** A page asked for with this in its query doesn't start its islands: a script in the browser is to take it over. */
export const PARTIAL = "fresh-partial";

/** A rendered page. */
interface RenderedPage {
  html: string;
  nonce: string;
  /** The `Link` header that preloads the islands' scripts; empty if there are none. */
  link: string;
  /** Names what a partial page says of its islands; empty for a whole page. */
  partial: string;
}

/** The props of a page, layout or app component; `child` is what the last two wrap. */
export function propsOf<State>(
  { url, req, params, info, state, error, route }: Context<State>,
  { data, child }: { data?: unknown; child: VNode | null },
): PageProps<unknown, State> {
  const Component: FunctionComponent = () => child;
  return { url, req, params, info, state, error, route, data, Component };
}

/**
 * Renders a page inside its layouts and app wrapper.
 *
 * @throws Error if there is no app wrapper with html, head and body: the stand-in adds none
 */
export function renderPage<State>(
  ctx: Context<State>,
  page: VNode | null,
  { app, layouts, build }: Wrappers<State> & { build: Build },
): RenderedPage {
  const wrap = (component: Wrappers<State>["app"], child: VNode | null) =>
    component === null ? child : h(component, propsOf(ctx, { child })) as VNode;
  const inner = layouts.reduceRight((child, layout) => wrap(layout, child), page);
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const { url } = ctx;
  const partial = url.searchParams.has(PARTIAL) ? crypto.randomUUID() : "";
  const rendering: Rendering = { build, nonce, partial, url, islands: new Set(), props: [], depth: 0 };
  const html = rendered(rendering, () => {
    // The page comes first, so that the app wrapper, which has the scripts, knows the islands.
    const content = renderToString(inner ?? h(Fragment, null));
    return renderToString(wrap(app, jsxTemplate([content])) ?? h(Fragment, null));
  });
  if (!/^<html[^]*<head[^]*<body/.test(html)) {
    throw new Error("Cannot render: _app.tsx needs html, head, body");
  }
  const links = scriptUrls(rendering).map((url) => `<${encodeURI(url)}>; rel="modulepreload"; as="script"`);
  return { html: `<!DOCTYPE html>${html}`, nonce, link: links.join(", "), partial };
}
