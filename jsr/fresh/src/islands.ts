import { stringify } from "devalue";
import { type ComponentType, Fragment, h, isValidElement, options, type VNode } from "preact";
import type { Build, Island } from "./build.ts";
import { markCurrent } from "./links.ts";
import { asset } from "./runtime.ts";

/** A page on its way to HTML. */
export interface Rendering {
  build: Build;
  nonce: string;
  /** Not empty where a script in the browser takes the page over. */
  partial: string;
  url: URL;
  /** The islands met, and the props of each place that has one. */
  islands: Set<Island>;
  props: Record<string, unknown>[];
  /** Over 0 inside an island: what is in there belongs to it. */
  depth: number;
}

/** Preact's hooks; the names that aren't documented are those of the published build. */
interface Hooks {
  vnode?: (vnode: VNode) => void;
  attr?: (name: string, value: unknown) => string | void;
  /** Before a vnode is rendered, before and after its component was called. */
  __b?: (vnode: VNode) => void;
  __r?: (vnode: VNode) => void;
  diffed?: (vnode: VNode) => void;
}

let page: Rendering | null = null;
/** Vnodes that are marked already. */
const marked = new WeakSet<VNode>();

/** Renders with the islands noted on `rendering`. */
export function rendered(rendering: Rendering, render: () => string): string {
  page = rendering;
  try {
    return render();
  } finally {
    page = null;
  }
}

/** Addresses of the scripts that a page loads; none without islands. */
export function scriptUrls({ islands, build }: Rendering): string[] {
  return islands.size === 0 ? [] : [build.client, ...[...islands].map(({ script }) => script)];
}

const hooks = options as unknown as Hooks;
const { vnode: earlierVnode, attr: earlierAttr, __b, __r, diffed } = hooks;

hooks.vnode = (vnode) => {
  const props = vnode.props as Record<string, unknown>;
  if (page !== null) {
    if (vnode.type === "a") markCurrent(props, page.url);
    if (vnode.type === "script" || vnode.type === "style") props.nonce ||= page.nonce;
    if (vnode.type === "body") props.children = [props.children, h(Scripts, null)];
  }
  if ((vnode.type === "img" || vnode.type === "source") && typeof props.src === "string") {
    props.src = asset(props.src);
  }
  earlierVnode?.(vnode);
};

hooks.attr = (name, value) =>
  name === "key" ? `data-frsh-key="${escaped(String(value))}"` : earlierAttr?.(name, value);

hooks.__b = (vnode) => {
  // Preact calls it for text and empty children too when it renders a template.
  if (page !== null && vnode?.props && !marked.has(vnode)) mark(vnode, page);
  __b?.(vnode);
};

hooks.__r = (vnode) => {
  if (page?.build.islands.has(vnode.type)) page.depth++;
  __r?.(vnode);
};

hooks.diffed = (vnode) => {
  if (page?.build.islands.has(vnode.type)) page.depth--;
  diffed?.(vnode);
};

/** Puts comments around islands and around components with a key; in islands, elements say their key. */
function mark(vnode: VNode, { build, islands, props: allProps, depth }: Rendering): void {
  const { type, key } = vnode;
  const keyText = String(key ?? "").replaceAll(":", "_");
  if (typeof type === "string") {
    if (depth > 0 && key !== undefined) Object.assign(vnode.props, { "data-frsh-key": String(key) });
  } else if (type !== Fragment && depth === 0) {
    const island = build.islands.get(type);
    if (island !== undefined) {
      islands.add(island);
      const at = allProps.push(vnode.props as Record<string, unknown>) - 1;
      vnode.type = between("island", `${island.name}:${at}:${keyText}`, type);
    } else if (key !== undefined) vnode.type = between("key", keyText, type);
  }
}

/** Makes a component that renders another one between two comments. */
function between(kind: string, text: string, type: ComponentType): ComponentType {
  return (props) => {
    const inner = h(type, props);
    marked.add(inner);
    return h(Fragment, null, comment(`frsh:${kind}:${text}`), inner, comment(`/frsh:${kind}`));
  };
}

function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as Record<string, unknown>);
}

/** The script at the end of the body that starts the islands; nothing on a page without. A partial page lists them. */
function Scripts(): VNode | null {
  if (page === null) return null;
  const islands = [...page.islands];
  if (page.partial !== "") return partialState(page.partial, islands, page.props);
  if (islands.length === 0) return null;
  const imports = islands.map(({ exportName, script }, i) =>
    `import { ${exportName} as i${i} } from ${JSON.stringify(script)};`
  );
  const byName = islands.map(({ name }, i) => `${JSON.stringify(name)}: i${i}`);
  const props = inScript(JSON.stringify(serialised(page.props)));
  const __html = `import { boot } from ${JSON.stringify(page.build.client)};${imports.join("")}` +
    `boot({ ${byName.join(", ")} }, ${props});`;
  return h("script", { type: "module", dangerouslySetInnerHTML: { __html } }) as VNode;
}

function partialState(id: string, islands: Island[], props: unknown[]): VNode {
  const listed = islands.map(({ name, exportName, script }) => ({ exportName, chunk: script, name }));
  const __html = inScript(JSON.stringify({ islands: listed, props: serialised(props) }));
  const type = "application/json";
  return h("script", { id: `__FRSH_STATE_${id}`, type, dangerouslySetInnerHTML: { __html } }) as VNode;
}

/** devalue escapes every "<"; read and written again, it is as it was. */
function serialised(props: unknown[]): string {
  return JSON.stringify(JSON.parse(stringify(props, { jsx: refuseJsx })));
}

function refuseJsx(value: unknown): undefined {
  if (isValidElement(value)) {
    throw new Error("The stand-in for Fresh doesn't cover JSX in the props of an island");
  }
}

/** What would end a script, or begin a comment in it, is written so that it doesn't. */
function inScript(json: string): string {
  return json.replace(/<\/(?=script|style)/gi, "<\\/").replaceAll("<!--", "\\u003C!--");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
