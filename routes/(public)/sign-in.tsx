import { define } from "@/define.ts";
import { SignInPage } from "./(_components)/SignInPage.tsx";
import { signInHandler } from "./(_data)/sign_in.ts";

export const handler = signInHandler;

export default define.page<typeof handler>(SignInPage);
