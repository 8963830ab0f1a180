import type { Step } from "@/edge/step.ts";

/** Refuses a request whose address can't be read, as after a Host header of nonsense: nothing could be found at it. */
export const refuseUnreadable: Step = async ({ path }, next) =>
  path === "" ? new Response("The address can't be read", { status: 400 }) : await next();
