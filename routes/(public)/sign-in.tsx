import { page } from "fresh";
import { cookiesOf } from "@/edge/cookies.ts";
import { define } from "@/define.ts";
import { ORGANISATION_COOKIE } from "@/domain/auth/cookies.ts";
import { type SignInData, signInForm, SignInPage, takeSignIn } from "./(_components)/SignInPage.tsx";

export const handler = define.handlers<SignInData>({
  GET: async (ctx) => page(await signInForm(ctx, cookiesOf(ctx.req)[ORGANISATION_COOKIE])),
  POST: takeSignIn,
});

export default define.page<typeof handler>(SignInPage);
