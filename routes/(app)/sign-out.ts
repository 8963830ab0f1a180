import { setCookie } from "@std/http/cookie";
import { define } from "@/define.ts";
import { endedCookie, sessionCookieName } from "@/domain/auth/cookies.ts";
import { signOut } from "@/domain/auth/sign_out.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "@/pages/flash.ts";
import { claimOf } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const request = incomingOf(ctx.req);
    await signOut(request, { claim: claimOf(ctx) });
    const response = redirect(ctx, "/sign-in", "You have been signed out");
    const { config } = request.services;
    setCookie(response.headers, endedCookie(config, sessionCookieName(config)));
    return response;
  },
});
