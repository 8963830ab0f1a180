import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { ChangePassword, changePassword } from "@/domain/auth/password_change.ts";
import { redirect } from "@/pages/flash.ts";
import { claimOf } from "@/pages/load.ts";
import { submitPublic } from "@/pages/public.ts";
import { answered, type ProfileData } from "./(_data)/data.ts";
import { ProfilePage } from "./(_components)/ProfilePage.tsx";

export const handler = define.handlers<ProfileData>({
  GET: (ctx) => redirect(ctx, "/profile"),
  async POST(ctx) {
    // Not `submit`: the use case opens its own transactions, so that no hash is waited for inside one.
    const result = await submitPublic(ctx, {
      schema: ChangePassword,
      run: async (request, input) => {
        const claim = claimOf(ctx);
        if (!claim) throw new DomainError("unauthenticated");
        await changePassword(request, claim, input);
        return redirect(ctx, "/profile", "Your password is changed. You are signed out everywhere else.");
      },
    });
    return await answered(ctx, "password", result);
  },
});

export default define.page<typeof handler>(ProfilePage);
