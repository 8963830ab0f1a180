import { page } from "fresh";
import { define } from "@/define.ts";
import {
  type SignInData,
  signInForm,
  SignInPage,
  takeSignIn,
} from "@/routes/(public)/(_components)/SignInPage.tsx";

export const handler = define.handlers<SignInData>({
  GET: async (ctx) => page(await signInForm(ctx, ctx.params.slug)),
  POST: takeSignIn,
});

export default define.page<typeof handler>(SignInPage);
