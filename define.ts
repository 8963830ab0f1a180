import { createDefine } from "fresh";
import type { Actor, Cx } from "./domain/cx.ts";
import type { UnreadCount } from "./domain/notifications/inbox/list.ts";

export interface Viewer {
  actor: Actor;
  tenant: Cx["tenant"];
}

export interface State {
  /** Shown in the browser's tab, before the product's name. */
  title?: string;
  /** Set by the first transaction of a page for a signed-in person. */
  viewer?: Viewer;
  unread?: UnreadCount;
  /** Where live events go on behind what the page shows. */
  feed?: string;
  flash?: string;
  /** When a refused form may be sent again, in seconds. */
  retryAfter?: number | undefined;
  theme?: "system" | "light" | "dark";
}

/** Types for routes; nothing else calls createDefine. */
export const define = createDefine<State>();
