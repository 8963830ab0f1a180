import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { UpdatePreferences, updatePreferences } from "@/domain/profile/preferences.ts";
import { CHANNELS, kindsFor } from "@/domain/notifications/kinds.ts";
import { redirect } from "@/pages/flash.ts";
import type { FormValues } from "@/pages/forms.ts";
import { submit } from "@/pages/load.ts";
import { answered, type ProfileData } from "./(_data)/data.ts";
import { ProfilePage } from "./(_components)/ProfilePage.tsx";

/** A form's fields are flat, `notifications.comment_added.email`, and a box that isn't ticked sends nothing. */
function switchesOf(values: FormValues, staff: boolean) {
  const notifications = Object.fromEntries(
    kindsFor(staff).map((kind) => {
      const ways = CHANNELS.map((channel) => [channel, values[`notifications.${kind}.${channel}`] ?? "off"]);
      return [kind, Object.fromEntries(ways)];
    }),
  );
  return { notifications } as unknown as FormValues;
}

export const handler = define.handlers<ProfileData>({
  GET: (ctx) => redirect(ctx, "/profile"),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: UpdatePreferences,
      prepare: (values, cx) => switchesOf(values, isStaff(cx.actor.role)),
      run: async (cx, input) => {
        await updatePreferences(cx, input);
        return { to: "/profile", flash: "Your notifications are saved" };
      },
    });
    return await answered(ctx, "notifications", result);
  },
});

export default define.page<typeof handler>(ProfilePage);
