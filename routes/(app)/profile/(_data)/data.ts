import { type Context, page, type PageResponse } from "fresh";
import type { State } from "@/define.ts";
import { type Preferences, readPreferences } from "@/domain/profile/preferences.ts";
import { type Profile, readProfile } from "@/domain/profile/profile.ts";
import { listSessions, type SessionView } from "@/domain/auth/sessions.ts";
import { EMPTY_FORM, type FormState, type RefusedForm } from "@/pages/forms.ts";
import { load } from "@/pages/load.ts";

/** The forms of the page, by the card they are in. */
export type ProfileForm = "profile" | "notifications" | "password" | "sessions";

/** Everything the profile page shows. */
export interface ProfileData {
  profile: Profile;
  preferences: Preferences;
  sessions: SessionView[];
  now: string;
  /** Whether mail leaves this desk, and the address isn't known to be theirs. */
  unconfirmed: boolean;
  /** The form that was refused, and what was typed in it; null when none was. */
  refused: { name: ProfileForm; form: FormState } | null;
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

/** The answer to a form: where it leads, or the page again with what was typed and what is wrong. */
export async function answered(
  ctx: Context<State>,
  name: ProfileForm,
  result: Response | RefusedForm,
): Promise<Response | PageResponse<ProfileData>> {
  if (result instanceof Response) return result;
  const data = await profileData(ctx, { name, form: result.form });
  return page(data, { status: result.status });
}

/** The state of one of the page's forms. */
export function formOf(data: ProfileData, name: ProfileForm): FormState {
  return data.refused?.name === name ? data.refused.form : EMPTY_FORM;
}
