import { define } from "@/define.ts";
import { SignInPage } from "@/routes/(public)/(_components)/SignInPage.tsx";
import { signInHandler } from "@/routes/(public)/(_data)/sign_in.ts";

export const handler = signInHandler;

export default define.page<typeof handler>(SignInPage);
