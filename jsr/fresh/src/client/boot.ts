import { computed, signal } from "@preact/signals";
import { parse } from "devalue";
import { type ComponentChild, type ComponentType, Fragment, h, hydrate, type VNode } from "preact";

interface PageState {
  /** Address of the script and name of the export, by the number in the island's marker. */
  islands: [url: string, exportName: string][];
  props: string;
}

type Modules = Map<string, Record<string, ComponentType>>;

interface Page {
  state: PageState;
  props: Record<string, unknown>[];
  modules: Modules;
}

const ISLAND = /^frsh:island:(\d+)$/;
const SLOT = /^frsh:slot:(\d+)$/;

/** Revives every island of the page; each one as soon as the scripts it needs have arrived. */
function boot(): void {
  const element = document.getElementById("__FRSH_STATE");
  if (element === null) return;
  const state: PageState = JSON.parse(element.textContent ?? "");
  const starts = outerIslands(document.body);
  const modules: Modules = new Map();
  const slots = slotsOf(document.body);
  let page: Page | null = null;

  /** Slots are read when first used: by then the modules of the islands inside them are there. */
  const slotContent = (id: number) => {
    const nodes = slots.get(id) ?? [...templateNodes(id)];
    return page === null ? null : h(Fragment, null, ...toVNodes(nodes, page));
  };
  const props = parse(state.props, {
    Slot: ([id]) => slotContentLater(id, slotContent),
    Jsx: ([id]) => slotContentLater(id, slotContent),
    Signal: ([value]) => signal(value),
    Computed: ([value]) => computed(() => value),
  });
  page = { state, props, modules };

  for (const start of starts) {
    const nodes = nodesAfter(start);
    const id = Number(ISLAND.exec(start.data)?.[1]);
    const urls = new Set([id, ...usedIn(nodes, props[id])].map((used) => state.islands[used]?.[0] ?? ""));
    const loading = [...urls].map(async (url) => modules.set(url, await import(url)));
    Promise.all(loading).then(() => page !== null && revive(start, nodes, page)).catch(reportError);
  }
}

/** JSX of a slot, made when the island first renders it. */
function slotContentLater(id: number, content: (id: number) => VNode | null): VNode {
  let made: VNode | null | undefined;
  return h(() => made ??= content(id), { "frsh-slot": id } as Record<string, unknown>);
}

function revive(start: Comment, nodes: Node[], page: Page): void {
  const vnode = islandVNode(Number(ISLAND.exec(start.data)?.[1]), page);
  const parent = start.parentNode;
  if (vnode === null || parent === null) return;
  const end = nodes.at(-1)?.nextSibling ?? start.nextSibling;
  hydrate(vnode, rootBetween(parent, nodes, end) as unknown as Element);
}

function islandVNode(id: number, { state, props, modules }: Page): VNode | null {
  const [url = "", name = ""] = state.islands[id] ?? [];
  const component = modules.get(url)?.[name];
  return component === undefined ? null : h(component, props[id] ?? {});
}

/** A stand-in for a parent element that holds only the nodes between two markers. */
function rootBetween(parent: Node, childNodes: Node[], end: Node | null) {
  const insertBefore = (child: Node, before: Node | null) => parent.insertBefore(child, before ?? end);
  return {
    nodeType: 1,
    parentNode: parent,
    namespaceURI: (parent as Element).namespaceURI,
    ownerDocument: document,
    childNodes,
    firstChild: childNodes[0] ?? null,
    insertBefore,
    appendChild: (child: Node) => insertBefore(child, null),
    removeChild: (child: Node) => parent.removeChild(child),
    contains: (node: Node) => parent.contains(node),
  };
}

/** The nodes between a marker and the one that ends it. */
function nodesAfter(start: Comment): Node[] {
  const [kind = ""] = start.data.match(/^frsh:[a-z]+/) ?? [];
  const nodes: Node[] = [];
  let depth = 1;
  for (let node = start.nextSibling; node !== null; node = node.nextSibling) {
    if (node instanceof Comment) {
      if (node.data.startsWith(`${kind}:`)) depth++;
      if (node.data === `/${kind}` && --depth === 0) break;
    }
    nodes.push(node);
  }
  return nodes;
}

function* commentsIn(root: Node): Generator<Comment> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) yield walker.currentNode as Comment;
}

/** The markers of the islands that are not inside another one. */
function outerIslands(root: Node): Comment[] {
  const found: Comment[] = [];
  let depth = 0;
  for (const node of commentsIn(root)) {
    if (ISLAND.test(node.data) && depth++ === 0) found.push(node);
    else if (node.data === "/frsh:island") depth--;
  }
  return found;
}

function slotsOf(root: Node): Map<number, Node[]> {
  const slots = new Map<number, Node[]>();
  for (const node of commentsIn(root)) {
    const id = SLOT.exec(node.data)?.[1];
    if (id !== undefined) slots.set(Number(id), nodesAfter(node));
  }
  return slots;
}

function templateNodes(id: number): NodeListOf<ChildNode> | [] {
  const template = document.getElementById(`frsh-slot-${id}`);
  return template instanceof HTMLTemplateElement ? template.content.childNodes : [];
}

/** The islands inside an island's nodes and inside the JSX it was given but hasn't rendered. */
function usedIn(nodes: Node[], props: Record<string, unknown> | undefined): number[] {
  const ids: number[] = [];
  const visit = (node: Node) => {
    if (node instanceof Comment) ids.push(...[ISLAND.exec(node.data)?.[1]].filter((id) => id).map(Number));
    for (const inner of commentsIn(node)) visit(inner);
  };
  nodes.forEach(visit);
  const values = Object.values(props ?? {}) as ({ props?: Record<string, unknown> } | null)[];
  for (const value of values) {
    const slot = value?.props?.["frsh-slot"];
    if (typeof slot === "number") templateNodes(slot).forEach(visit);
  }
  return ids;
}

/** Turns server-rendered nodes back into JSX, with the islands among them live. */
function toVNodes(nodes: Node[], page: Page): ComponentChild[] {
  const children: ComponentChild[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node instanceof Text) children.push(node.data);
    else if (node instanceof Comment && ISLAND.test(node.data)) {
      children.push(islandVNode(Number(ISLAND.exec(node.data)?.[1]), page));
      i += nodesAfter(node).length;
    } else if (node instanceof Element) {
      const attributes: Record<string, unknown> = {};
      for (const { name, value } of node.attributes) attributes[name] = value;
      children.push(h(node.localName, attributes, ...toVNodes([...node.childNodes], page)));
    }
  }
  return children;
}

boot();
