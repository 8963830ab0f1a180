import { define } from "@/define.ts";
import { ChangePassword, changePassword } from "@/domain/auth/password_change.ts";
import { DomainError } from "@/domain/errors.ts";
import { redirect } from "@/pages/flash.ts";
import { answered } from "@/pages/form_page.ts";
import { claimOf } from "@/pages/load.ts";
import { submitPublic } from "@/pages/public.ts";
import { type ProfileData, profileData } from "./(_data)/profile_data.ts";

export const handler = define.handlers<ProfileData>({
  GET: (ctx) => redirect(ctx, "/profile"),
  async POST(ctx) {
    // The use case opens its own transactions, so that none is held while a password is hashed.
    const result = await submitPublic(ctx, {
      schema: ChangePassword,
      run: async (request, input) => {
        const claim = claimOf(ctx);
        if (!claim) throw new DomainError("unauthenticated");
        await changePassword(request, claim, input);
        return redirect(ctx, "/profile", "Password changed. You have been signed out everywhere else");
      },
    });
    return await answered(result, (form) => profileData(ctx, { name: "password", form }));
  },
});

export { ProfilePage as default } from "./(_components)/ProfilePage.tsx";
