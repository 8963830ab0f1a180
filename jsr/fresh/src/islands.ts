import { type ComponentType, createContext, Fragment, h, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import type { BuildCache } from "./build_cache.ts";
import { isJsx, SlotRef, stringifyProps } from "./props.ts";
import type { Island } from "./types.ts";

interface Slot {
  content: unknown;
  rendered: boolean;
}

/** The islands and slots met while rendering a page. */
export interface IslandPage {
  basePath: string;
  nonce: string;
  cache: BuildCache;
  islands: { island: Island; props: Record<string, unknown> }[];
  slots: Slot[];
}

let page: IslandPage | null = null;
/** True inside an island, where components are the island's own; false again in what a page hands to it. */
const InIsland = createContext(false);
const own = new WeakSet<VNode>();

/** Sets the page that islands are noted on. */
export function collectIslands(target: IslandPage | null): void {
  page = target;
}

/** Renders an HTML comment. */
export function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as Record<string, unknown>);
}

interface BoundaryProps {
  island: Island;
  props: Record<string, unknown>;
}

/** Renders an island between markers that the browser finds it by; nested islands belong to the outer one. */
export function IslandBoundary({ island, props }: BoundaryProps): VNode {
  if (useContext(InIsland) || page === null) return ownVNode(island.fn, props);
  const id = page.islands.length;
  const sent: Record<string, unknown> = {};
  const given: Record<string, unknown> = {};
  page.islands.push({ island, props: sent });
  for (const [name, value] of Object.entries(props)) {
    given[name] = value;
    sent[name] = value;
    if (hasJsx(value)) {
      const slot = page.slots.push({ content: value, rendered: false }) - 1;
      sent[name] = new SlotRef(slot);
      given[name] = h(SlotBoundary, { id: slot });
    }
  }
  const inner = h(InIsland.Provider, { value: true }, ownVNode(island.fn, given));
  return h(Fragment, null, comment(`frsh:island:${id}`), inner, comment("/frsh:island"));
}

/** Replaces an island's vnode by its boundary, unless the boundary itself made it. */
IslandBoundary.take = function (vnode: VNode, island: Island): void {
  if (own.has(vnode)) return;
  const props = vnode.props as Record<string, unknown>;
  vnode.type = IslandBoundary as unknown as ComponentType;
  vnode.props = { island, props } as unknown as typeof vnode.props;
};

function ownVNode(fn: ComponentType, props: Record<string, unknown>): VNode {
  const vnode = h(fn, props);
  own.add(vnode);
  return vnode;
}

function SlotBoundary({ id }: { id: number }): VNode | null {
  const slot = page?.slots[id];
  if (slot === undefined) return null;
  slot.rendered = true;
  const content = h(InIsland.Provider, { value: false }, slot.content as VNode);
  return h(Fragment, null, comment(`frsh:slot:${id}`), content, comment("/frsh:slot"));
}

function hasJsx(value: unknown): boolean {
  return Array.isArray(value) ? value.some(hasJsx) : isJsx(value);
}

/** The markup at the end of the body and the `Link` header; both empty when nothing runs in the browser. */
export function scriptsOf(target: IslandPage): { scripts: string; link: string } {
  const { islands, slots, cache, basePath, nonce } = target;
  const script = (src: string) => `<script type="module" src="${basePath}${src}" nonce="${nonce}"></script>`;
  const dev = cache.devEntry === null ? "" : script(cache.devEntry);
  if (islands.length === 0) return { scripts: dev, link: "" };

  let templates = "";
  let props = "";
  let done = -1;
  // JSX that no island rendered goes into templates; rendering those may bring more islands and more JSX.
  while (done !== slots.length + islands.length) {
    done = slots.length + islands.length;
    props = serialise(target);
    for (const [id, slot] of slots.entries()) {
      if (slot.rendered) continue;
      slot.rendered = true;
      templates += `<template id="frsh-slot-${id}">${renderToString(slot.content as VNode)}</template>`;
    }
  }
  const entries = islands.map(({ island }) => [basePath + island.file, island.exportName]);
  const state = JSON.stringify({ islands: entries, props }).replaceAll("<", "\\u003c");
  const urls = new Set([basePath + cache.clientEntry, ...entries.map(([url]) => url ?? "")]);
  return {
    scripts: `${templates}<script type="application/json" id="__FRSH_STATE">${state}</script>${
      script(cache.clientEntry)
    }${dev}`,
    link: [...urls].map((url) => `<${encodeURI(url)}>; rel="modulepreload"; as="script"`).join(", "),
  };
}

function serialise({ islands, slots }: IslandPage): string {
  const known = new Map(slots.map((slot, id) => [slot.content, id]));
  const slotOf = (vnode: VNode) => {
    const id = known.get(vnode) ?? slots.push({ content: vnode, rendered: false }) - 1;
    known.set(vnode, id);
    return id;
  };
  try {
    return stringifyProps(islands.map(({ props }) => props), slotOf);
  } catch (cause) {
    const names = [...new Set(islands.map(({ island }) => island.name))].join(", ");
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot serialise the props of the islands on this page (${names}): ${reason}`, {
      cause,
    });
  }
}
