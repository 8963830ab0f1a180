import { parse } from "devalue";
import { type ComponentType, h, options, render, type VNode } from "preact";
import { asset } from "../runtime.ts";

interface Marked {
  name: string;
  /** Which of the page's props are its. */
  at: number;
  start: Text;
  end: Text;
}

/** Starts every island of the page, each in a task of its own. */
export function boot(components: Record<string, ComponentType>, serialised: string): void {
  const props: Record<string, unknown>[] = parse(serialised);
  for (const { name, at, start, end } of hideMarkers()) {
    const component = components[name];
    if (component === undefined || start.parentNode !== end.parentNode) {
      // deno-lint-ignore no-console
      console.error(
        `Cannot start the island "${name}": the browser moved its markers, so the HTML isn't valid`,
      );
      continue;
    }
    // Not hydrated: the island's first output is applied to what is there, and replaces what was typed.
    const begin = () => render(h(component, props[at] ?? {}), rootBetween(start, end));
    if ("scheduler" in globalThis) scheduler.postTask(begin);
    else setTimeout(begin, 0);
  }
}

declare const scheduler: { postTask(task: () => void): void };

/** Replaces the comments that mark islands by empty text. @returns the islands that are in no other one */
function hideMarkers(): Marked[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  const comments: Comment[] = [];
  while (walker.nextNode()) comments.push(walker.currentNode as Comment);
  const found: Marked[] = [];
  const open: Marked[] = [];
  for (const comment of comments) {
    const [prefix, kind, name = "", at] = comment.data.split(":");
    const isEnd = comment.data === "/frsh:island";
    if (prefix !== "frsh" && !isEnd) continue;
    const text = new Text("");
    comment.replaceWith(text);
    if (isEnd) {
      const ended = open.pop();
      if (ended !== undefined) ended.end = text;
    } else if (kind === "island") {
      const island = { name, at: Number(at), start: text, end: text };
      if (open.length === 0) found.push(island);
      open.push(island);
    }
  }
  return found;
}

/** A stand-in for a parent element that holds only the nodes between two markers. */
function rootBetween(start: Text, end: Text): Element {
  const parent = start.parentNode!;
  const nodes = () => {
    const found: ChildNode[] = [];
    for (let node = start.nextSibling; node !== null && node !== end; node = node.nextSibling) {
      found.push(node);
    }
    return found;
  };
  const insertBefore = (node: Node, before: Node | null) => parent.insertBefore(node, before ?? end);
  return {
    nodeType: 1,
    parentNode: parent,
    namespaceURI: (parent as Element).namespaceURI,
    get childNodes() {
      return nodes();
    },
    get firstChild() {
      return nodes()[0] ?? null;
    },
    insertBefore,
    appendChild: (node: Node) => insertBefore(node, null),
    removeChild: (node: Node) => parent.removeChild(node),
    contains: (node: Node | null) => nodes().some((child) => child.contains(node)),
  } as unknown as Element;
}

const { vnode: earlier } = options;
options.vnode = (vnode: VNode) => {
  const props = vnode.props as Record<string, unknown>;
  if ((vnode.type === "img" || vnode.type === "source") && typeof props.src === "string") {
    props.src = asset(props.src);
  }
  earlier?.(vnode);
};
