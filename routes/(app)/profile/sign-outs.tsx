import { z } from "zod";
import { define } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { endSession, signOutElsewhere } from "@/domain/auth/sessions.ts";
import { id } from "@/domain/validation.ts";
import { redirect } from "@/pages/flash.ts";
import { submit } from "@/pages/load.ts";
import { answered, type ProfileData } from "./(_data)/data.ts";
import { ProfilePage } from "./(_components)/ProfilePage.tsx";

/** Which session ends: one by its id, or all but this one. */
const SignOut = z.object({ session: z.literal("others").or(id) });

export const handler = define.handlers<ProfileData>({
  GET: (ctx) => redirect(ctx, "/profile"),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: SignOut,
      run: async (cx, { session }) => ({
        to: "/profile",
        flash: session === "others" ? endedText(await signOutElsewhere(cx)) : await endOne(cx, session),
      }),
    });
    return await answered(ctx, "sessions", result);
  },
});

export default define.page<typeof handler>(ProfilePage);

/** A session that is gone already is what was wanted: the page may have been open for a while. */
async function endOne(cx: UserCx, session: string): Promise<string> {
  try {
    await endSession(cx, session);
    return "That device is signed out";
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "not_found") throw error;
    return "That device was signed out already";
  }
}

function endedText(count: number): string {
  return count === 1 ? "One other device is signed out" : `${count} other devices are signed out`;
}
