import { setCookie } from "@std/http/cookie";
import { z } from "zod";
import { define } from "@/define.ts";
import { themeCookie } from "@/domain/auth/cookies.ts";
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

export const handler = define.handlers({
  async POST(ctx) {
    const { theme, returnTo } = parse(ChooseTheme, await readForm(ctx));
    try {
      await load(ctx, (cx) => keepTheme(cx, theme));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "unauthenticated") throw error;
    }
    const response = redirect(ctx, localPath(returnTo));
    setCookie(response.headers, themeCookie(incomingOf(ctx.req).services.config, theme));
    return response;
  },
});

/** The last click wins, whatever was changed in the meantime. */
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
