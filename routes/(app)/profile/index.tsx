import { page } from "fresh";
import { define } from "@/define.ts";
import { UpdateProfile, updateProfile } from "@/domain/profile/profile.ts";
import { version } from "@/domain/validation.ts";
import { submit } from "@/pages/load.ts";
import { answered, type ProfileData, profileData } from "./(_data)/data.ts";
import { ProfilePage } from "./(_components)/ProfilePage.tsx";

export const handler = define.handlers<ProfileData>({
  GET: async (ctx) => page(await profileData(ctx)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: UpdateProfile.extend({ version }),
      run: async (cx, input) => {
        await updateProfile(cx, input);
        return { to: "/profile", flash: "Your profile is saved" };
      },
    });
    return await answered(ctx, "profile", result);
  },
});

export default define.page<typeof handler>(ProfilePage);
