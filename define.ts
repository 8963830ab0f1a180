import { createDefine } from "fresh";
import type { Actor, Cx } from "./domain/cx.ts";
import type { UnreadCount } from "./domain/notifications/inbox/list.ts";

/** What a page's layout knows of the person who looks at it. */
export interface Viewer {
  actor: Actor;
  tenant: Cx["tenant"];
}

/** What middlewares and handlers of one page request share. */
export interface State {
  /** Shown in the browser's tab, before the product's name. */
  title?: string;
  /** Set by the first transaction of a page for a signed-in person. */
  viewer?: Viewer;
  /** How many notifications the person hasn't read, as the page was loaded. */
  unread?: UnreadCount;
  /** Where live events go on behind what the page shows. */
  feed?: string;
  /** A message from the page that led here, shown once. */
  flash?: string;
  /** When a refused form may be sent again, in seconds. */
  retryAfter?: number | undefined;
  theme?: "system" | "light" | "dark";
}

/** Types for routes; nothing else calls createDefine. */
export const define = createDefine<State>();
