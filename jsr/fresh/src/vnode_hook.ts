import { options, type VNode } from "preact";

/** Preact's hook that runs before each vnode is rendered; its name is mangled in the published build. */
interface RenderHooks {
  __b?: (vnode: VNode) => void;
}

/** Calls `hook` before each vnode is rendered, ahead of hooks installed earlier. */
export function installHook(hook: (vnode: VNode) => void): void {
  const hooks = options as RenderHooks;
  const earlier = hooks.__b;
  hooks.__b = (vnode) => {
    // Preact calls it for text and empty children too when it renders a template.
    if (vnode !== null && typeof vnode === "object" && vnode.props) hook(vnode);
    earlier?.(vnode);
  };
}
