import { deleteCookie, getCookies, setCookie } from "@std/http/cookie";
import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { incomingOf } from "@/edge/incoming.ts";

/** Sends the browser on after a form (303, RFC 9110, 15.4.4), with a message to show there. */
export function redirect(ctx: Context<State>, to: string, flash?: string): Response {
  const headers = new Headers({ location: to });
  if (flash) leaveFlash(ctx, headers, flash);
  return new Response(null, { status: 303, headers });
}

/** Leaves a message for the next page. */
function leaveFlash(ctx: Context<State>, headers: Headers, text: string): void {
  const { config } = incomingOf(ctx.req).services;
  setCookie(headers, {
    name: "flash",
    value: encodeURIComponent(text),
    path: "/",
    maxAge: 60,
    httpOnly: true,
    sameSite: "Lax",
    secure: config.PUBLIC_URL.startsWith("https:"),
  });
}

/** The message that the page before left. */
export function readFlash(request: Request): string | undefined {
  const text = decode(getCookies(request.headers).flash ?? "");
  return text !== "" && text.length <= 500 ? text : undefined;
}

/** Has the browser forget the message. */
export function forgetFlash(headers: Headers): void {
  deleteCookie(headers, "flash", { path: "/" });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
