import { getCookies } from "@std/http/cookie";
import { page } from "fresh";
import { define } from "@/define.ts";
import { ORGANISATION_COOKIE } from "@/domain/auth/cookies.ts";
import { type SignInData, signInForm, SignInPage, takeSignIn } from "./(_components)/SignInPage.tsx";

export const handler = define.handlers<SignInData>({
  GET: async (ctx) => page(await signInForm(ctx, getCookies(ctx.req.headers)[ORGANISATION_COOKIE])),
  POST: takeSignIn,
});

export default define.page<typeof handler>(SignInPage);
