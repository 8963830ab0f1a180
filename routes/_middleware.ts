import { define } from "@/define.ts";
import { themeCookieName } from "@/domain/auth/cookies.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { httpError } from "@/pages/errors.ts";
import { forgetFlash, readFlash } from "@/pages/flash.ts";

const THEMES = ["system", "light", "dark"] as const;

export default define.middleware(async (ctx) => {
  const { refusal, services: { config } } = incomingOf(ctx.req);
  if (refusal) throw httpError(refusal);
  const cookies = cookiesOf(ctx.req);
  const theme = THEMES.find((name) => name === cookies[themeCookieName(config)]);
  if (theme) ctx.state.theme = theme;
  // A message must not be used up by a request of a script.
  const flash = ctx.req.headers.get("sec-fetch-dest") === "empty" ? undefined : readFlash(ctx.req);
  if (flash) ctx.state.flash = flash;
  const response = await ctx.next();
  const { retryAfter } = ctx.state;
  if (retryAfter !== undefined) response.headers.set("retry-after", String(Math.ceil(retryAfter)));
  if (response.headers.get("content-type")?.startsWith("text/html")) {
    response.headers.set("cache-control", "no-store");
    if (flash) forgetFlash(ctx.req, response.headers);
  }
  return response;
});
