import { setCookie } from "@std/http/cookie";
import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { endedCookie, flashCookie, flashCookieName } from "@/domain/auth/cookies.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import { incomingOf } from "@/edge/incoming.ts";

/** Sends the browser on after a form (303, RFC 9110, 15.4.4), with a message to show there. */
export function redirect(ctx: Context<State>, to: string, flash?: string): Response {
  const headers = new Headers({ location: to });
  if (flash) leaveFlash(ctx, headers, flash);
  return new Response(null, { status: 303, headers });
}

function leaveFlash(ctx: Context<State>, headers: Headers, text: string): void {
  setCookie(headers, flashCookie(incomingOf(ctx.req).services.config, text));
}

export function readFlash(request: Request): string | undefined {
  const text = decode(cookiesOf(request)[flashCookieName(incomingOf(request).services.config)] ?? "");
  return text !== "" && text.length <= 500 ? text : undefined;
}

export function forgetFlash(request: Request, headers: Headers): void {
  const { config } = incomingOf(request).services;
  setCookie(headers, endedCookie(config, flashCookieName(config)));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
