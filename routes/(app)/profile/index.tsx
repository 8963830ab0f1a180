import { page } from "fresh";
import { define } from "@/define.ts";
import { UpdateProfile, updateProfile } from "@/domain/profile/profile.ts";
import { version } from "@/domain/validation.ts";
import { ProfilePage } from "./(_components)/ProfilePage.tsx";
import { type ProfileData, profileData, profileForm } from "./(_data)/profile_data.ts";

export const handler = define.handlers<ProfileData>({
  ...profileForm("profile", {
    schema: UpdateProfile.extend({ version }),
    run: async (cx, input) => {
      await updateProfile(cx, input);
      return { to: "/profile", flash: "Profile saved" };
    },
  }),
  GET: async (ctx) => page(await profileData(ctx)),
});

export default define.page<typeof handler>(ProfilePage);
