import { deleteCookie, getCookies, setCookie } from "@std/http/cookie";
import type { Context } from "fresh";
import type { State } from "../define.ts";
import { incomingOf } from "../edge/incoming.ts";

type Flash = NonNullable<State["flash"]>;

/** Sends the browser on after a form (303, RFC 9110, 15.4.4), with a message to show there. */
export function redirect(ctx: Context<State>, to: string, flash?: string): Response {
  const headers = new Headers({ location: to });
  if (flash) leaveFlash(ctx, headers, { kind: "good", text: flash });
  return new Response(null, { status: 303, headers });
}

/** Leaves a message for the next page. */
export function leaveFlash(ctx: Context<State>, headers: Headers, flash: Flash): void {
  const { config } = incomingOf(ctx.req).services;
  setCookie(headers, {
    name: "flash",
    value: encodeURIComponent(`${flash.kind}:${flash.text}`),
    path: "/",
    maxAge: 60,
    httpOnly: true,
    sameSite: "Lax",
    secure: config.PUBLIC_URL.startsWith("https:"),
  });
}

/** The message that the page before left. */
export function readFlash(request: Request): Flash | undefined {
  const [, kind, text] = /^(good|bad):(.{1,500})$/s.exec(decode(getCookies(request.headers).flash ?? "")) ??
    [];
  return kind && text ? { kind: kind as Flash["kind"], text } : undefined;
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
