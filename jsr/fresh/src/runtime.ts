import { type ComponentChildren, isValidElement, toChildArray, type VNode } from "preact";
import { useEffect } from "preact/hooks";
import { buildId } from "./build_id.ts";

export { type ErrorStatus, HttpError } from "./http_error.ts";

/** True in the browser, false on the server. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

const CACHE_KEY = "__frsh_c";

/** Adds the build's id to the path of a static file, so that it may be cached for ever. */
export function asset(path: string, basePath = ""): string {
  if (!path.startsWith("/") || path.startsWith("//") || path.includes(CACHE_KEY)) return path;
  const [rest = "", hash] = path.split("#");
  const url = `${rest}${rest.includes("?") ? "&" : "?"}${CACHE_KEY}=${buildId()}`;
  return `${rest.startsWith(`${basePath}/`) ? "" : basePath}${url}${hash === undefined ? "" : `#${hash}`}`;
}

/** Applies {@linkcode asset} to each address of a `srcset`; one that it can't read stays as it is. */
export function assetSrcSet(srcset: string, basePath = ""): string {
  if (srcset.includes("(")) return srcset;
  return srcset.split(",").map((part) =>
    part.replace(/^(\s*)(\S+)/, (_, space, url) => space + asset(url, basePath))
  )
    .join(",");
}

/** Props of {@linkcode Head}. */
export interface HeadProps {
  children?: ComponentChildren;
}

/** Takes a page's `<Head>` children while rendering on the server. */
export interface HeadCollector {
  add(children: VNode[]): void;
}

let collector: HeadCollector | null = null;

/** Sets who takes the children of `<Head>`; the server's renderer calls it. */
export function collectHead(target: HeadCollector | null): void {
  collector = target;
}

/** Puts its children into the document's head; title and meta replace those that are there. */
export function Head({ children }: HeadProps): VNode | null {
  const elements = toChildArray(children).filter((child) => isValidElement(child));
  useEffect(() => updateHead(elements));
  collector?.add(elements);
  return null;
}

/** The key by which an element in the head replaces another one; null if it stands for itself. */
export function headKey(vnode: VNode): string | null {
  if (vnode.key !== null && vnode.key !== undefined) return `key:${vnode.key}`;
  if (vnode.type === "title") return "title";
  const props = vnode.props as Record<string, unknown>;
  const name = props.name ?? props.property ?? props["http-equiv"];
  return vnode.type === "meta" && name !== undefined ? `meta:${name}` : null;
}

function updateHead(elements: VNode[]): void {
  for (const { type, props } of elements) {
    const { children, ...attributes } = props as Record<string, unknown>;
    const text = [children].flat().join("");
    if (type === "title") document.title = text;
    else if (type === "meta" && (attributes.name ?? attributes.property) !== undefined) {
      const by = attributes.name === undefined ? "property" : "name";
      const selector = `meta[${by}="${CSS.escape(String(attributes[by]))}"]`;
      const element = document.head.querySelector(selector) ?? document.createElement("meta");
      for (const name in attributes) element.setAttribute(name, String(attributes[name]));
      if (!element.isConnected) document.head.append(element);
    }
  }
}
