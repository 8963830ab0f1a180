import { z } from "zod";
import { endSession, signOutElsewhere } from "@/domain/auth/sessions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { id } from "@/domain/validation.ts";
import { profileForm } from "./(_data)/profile_data.ts";

/** Which session to end: one by its id, or all but this one. */
const SignOut = z.object({ session: z.literal("others").or(id) });

export const handler = profileForm("sessions", {
  schema: SignOut,
  run: async (cx, { session }) => ({
    to: "/profile",
    flash: session === "others" ? endedText(await signOutElsewhere(cx)) : await endOne(cx, session),
  }),
});

/** A session that has already ended is no error: the page may have been open for a while. */
async function endOne(cx: UserCx, session: string): Promise<string> {
  try {
    await endSession(cx, session);
    return "Device signed out";
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "not_found") throw error;
    return "That device was already signed out";
  }
}

function endedText(count: number): string {
  return count === 1 ? "1 other device signed out" : `${count} other devices signed out`;
}

export { ProfilePage as default } from "./(_components)/ProfilePage.tsx";
