import { deleteCookie } from "@std/http/cookie";
import { define } from "@/define.ts";
import { sessionCookieName } from "@/domain/auth/cookies.ts";
import { signOut } from "@/domain/auth/sign_out.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "@/pages/flash.ts";
import { claimOf } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const request = incomingOf(ctx.req);
    await signOut(request, { claim: claimOf(ctx) });
    const response = redirect(ctx, "/sign-in", "You are signed out.");
    const { config } = request.services;
    const secure = config.PUBLIC_URL.startsWith("https:");
    deleteCookie(response.headers, sessionCookieName(config), { path: "/", secure, httpOnly: true });
    return response;
  },
});
