import { z } from "zod";
import { define } from "../../../define.ts";
import {
  OPTIONAL_MAILS,
  UpdatePreferences,
  updatePreferences,
} from "../../../domain/identity/preferences.ts";
import { redirect } from "../../../pages/flash.ts";
import type { FormValues } from "../../../pages/forms.ts";
import { submit } from "../../../pages/load.ts";
import { answered, type ProfileData } from "./(_components)/data.ts";
import { ProfilePage } from "./(_components)/ProfilePage.tsx";

/** A form's fields are flat, `mail.comment_added`, and a box that isn't ticked sends nothing. */
const PreferencesForm = z.preprocess((values: FormValues) => ({
  mail: Object.fromEntries(OPTIONAL_MAILS.map((mail) => [mail, values[`mail.${mail}`] ?? "off"])),
}), UpdatePreferences);

export const handler = define.handlers<ProfileData>({
  GET: (ctx) => redirect(ctx, "/profile"),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: PreferencesForm,
      run: async (cx, input) => {
        await updatePreferences(cx, input);
        return { to: "/profile", flash: "Your e-mail choices are saved" };
      },
    });
    return await answered(ctx, "mails", result);
  },
});

export default define.page<typeof handler>(ProfilePage);
