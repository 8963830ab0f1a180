import { z } from "zod";
import { deviceCookieName, organisationCookieName } from "@/domain/auth/cookies.ts";
import { SignIn, signIn } from "@/domain/auth/sign_in.ts";
import { soleTenant } from "@/domain/organisations/tenants.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { publicFormPage, signedIn } from "@/pages/public.ts";

export interface SignInData {
  /** Whether there are several organisations, so that one has to be named. */
  several: boolean;
  /** The one that its own sign-in page or the last sign-in named. */
  organisation: string;
  /** The page that was asked for. */
  next: string;
}

/** Both sign-in pages: the general one, and `/o/[slug]/sign-in`. */
export const signInHandler = publicFormPage({
  title: "Sign in",
  load: async (ctx, { values }): Promise<SignInData> => ({
    several: (await soleTenant()).total > 1,
    organisation: ctx.params.slug ??
      cookiesOf(ctx.req)[organisationCookieName(incomingOf(ctx.req).services.config)] ?? "",
    next: values.next ?? ctx.url.searchParams.get("next") ?? "",
  }),
  schema: SignIn.extend({ next: z.string().default("") }),
  run: async (request, { next, ...input }, ctx) => {
    const device = cookiesOf(ctx.req)[deviceCookieName(request.services.config)];
    return signedIn(ctx, await signIn(request, input, { device }), next || "/home");
  },
});
