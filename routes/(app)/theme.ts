import { setCookie } from "@std/http/cookie";
import { z } from "zod";
import { define } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { type Profile, readProfile, UpdateProfile, updateProfile } from "@/domain/profile/profile.ts";
import { parse } from "@/domain/validation.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "@/pages/flash.ts";
import { readForm } from "@/pages/forms.ts";
import { load } from "@/pages/load.ts";
import { localPath } from "@/pages/public.ts";

const ChooseTheme = z.object({
  theme: UpdateProfile.shape.theme.unwrap(),
  returnTo: z.string().max(2000).default("/home"),
});

/** A year: browsers keep no cookie for much longer. */
const YEAR_SECONDS = 365 * 24 * 3600;

export const handler = define.handlers({
  async POST(ctx) {
    const { theme, returnTo } = parse(ChooseTheme, await readForm(ctx));
    try {
      await load(ctx, (cx) => keepTheme(cx, theme));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "unauthenticated") throw error;
    }
    const response = redirect(ctx, localPath(returnTo));
    const { config } = incomingOf(ctx.req).services;
    setCookie(response.headers, {
      name: "theme",
      value: theme,
      path: "/",
      maxAge: YEAR_SECONDS,
      httpOnly: true,
      sameSite: "Lax",
      secure: config.PUBLIC_URL.startsWith("https:"),
    });
    return response;
  },
});

/** The last click counts: a change that came in between is no reason to refuse this one. */
async function keepTheme(cx: UserCx, theme: Profile["theme"]): Promise<void> {
  const profile = await readProfile(cx);
  if (profile.theme === theme) return;
  try {
    await updateProfile(cx, { theme, version: profile.version });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "stale_version") throw error;
    const { version } = error.facts.current as Profile;
    await updateProfile(cx, { theme, version });
  }
}
