import { CHANNELS, kindsFor } from "@/domain/notifications/kinds.ts";
import { isStaff } from "@/domain/permissions.ts";
import { UpdatePreferences, updatePreferences } from "@/domain/profile/preferences.ts";
import type { FormValues } from "@/pages/forms.ts";
import { profileForm } from "./(_data)/profile_data.ts";

/** The form's fields are flat, `notifications.comment_added.email`, and a box that isn't ticked sends nothing. */
function boxesOf(values: FormValues, staff: boolean) {
  return Object.fromEntries(
    kindsFor(staff).map((kind) => {
      const boxes = CHANNELS.map((channel) => [channel, values[`notifications.${kind}.${channel}`] ?? "off"]);
      return [kind, Object.fromEntries(boxes)];
    }),
  );
}

export const handler = profileForm("notifications", {
  schema: UpdatePreferences,
  prepare: (values, cx) => ({ notifications: boxesOf(values, isStaff(cx.actor.role)) }),
  run: async (cx, input) => {
    await updatePreferences(cx, input);
    return { to: "/profile", flash: "Notification settings saved" };
  },
});

export { ProfilePage as default } from "./(_components)/ProfilePage.tsx";
