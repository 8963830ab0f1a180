import { Signal } from "@preact/signals";
import { stringify } from "devalue";
import { isValidElement, type VNode } from "preact";

/** Stands for JSX in an island's props: the browser takes it from the page's own HTML. */
export class SlotRef {
  constructor(readonly id: number) {}
}

/**
 * Writes the props of all islands of a page as one text, so that a signal given to two islands stays one signal.
 * `slot` is asked for a number for JSX met on the way. Throws on functions and class instances.
 */
export function stringifyProps(props: unknown[], slot: (vnode: VNode) => number): string {
  return stringify(props, {
    Slot: (value) => value instanceof SlotRef && [value.id],
    Jsx: (value) => isJsx(value) && [slot(value)],
    Computed: (value) => value instanceof Signal && !isWritable(value) && [value.peek()],
    Signal: (value) => value instanceof Signal && [value.peek()],
  });
}

/** Tells JSX from other values. A signal can be rendered too, and so passes for an element with Preact. */
export function isJsx(value: unknown): value is VNode {
  return isValidElement(value) && !(value instanceof Signal);
}

function isWritable(signal: Signal): boolean {
  const proto = Object.getPrototypeOf(signal);
  return Object.getOwnPropertyDescriptor(proto, "value")?.set !== undefined;
}
