import type { Context } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import { type Preferences, readPreferences } from "@/domain/profile/preferences.ts";
import { type Profile, readProfile } from "@/domain/profile/profile.ts";
import { listSessions, type SessionView } from "@/domain/auth/sessions.ts";
import { redirect } from "@/pages/flash.ts";
import { type FormHandlers, takeForm } from "@/pages/form_page.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { type Form, load } from "@/pages/load.ts";

/** The forms of the page, by the card they are in. */
export type FormName = "profile" | "notifications" | "password" | "sessions";

/** Everything the profile page shows. */
export interface ProfileData {
  profile: Profile;
  preferences: Preferences;
  sessions: SessionView[];
  now: string;
  /** Whether this installation sends email and the person hasn't confirmed their address. */
  unconfirmed: boolean;
  /** The form that was refused, and what was typed in it; null when none was. */
  refused: { name: FormName; form: FormState } | null;
}

/** Loads the page in one transaction. */
export async function profileData(
  ctx: Context<State>,
  refused: ProfileData["refused"] = null,
): Promise<ProfileData> {
  ctx.state.title = "Profile and security";
  return await load(ctx, async (cx) => {
    const [profile, preferences, sessions] = await Promise.all([
      readProfile(cx),
      readPreferences(cx),
      listSessions(cx),
    ]);
    const unconfirmed = cx.services.mail.delivers && !profile.emailVerified;
    return { profile, preferences, sessions, now: cx.now, unconfirmed, refused };
  });
}

/** The handlers of one of the page's forms. A refused form is shown there, in its own card. */
export function profileForm<S extends z.ZodType>(name: FormName, form: Form<S>): FormHandlers<ProfileData> {
  return {
    GET: (ctx) => redirect(ctx, "/profile"),
    POST: (ctx) => takeForm(ctx, form, (refused) => profileData(ctx, { name, form: refused })),
  };
}

/** The state of one of the page's forms. */
export function formOf(data: ProfileData, name: FormName): FormState {
  return data.refused?.name === name ? data.refused.form : EMPTY_FORM;
}
