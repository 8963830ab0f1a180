import { ForgotPassword, requestPasswordReset } from "@/domain/auth/password_reset.ts";
import { mailRequest } from "./(_components)/MailRequestPage.tsx";

const { handler, Page } = mailRequest({
  title: "Reset your password",
  intro: "We'll email you a link that is valid for 30 minutes.",
  button: "Send the link",
  sent: "If an account uses that address, the link is on its way. Check your email.",
  schema: ForgotPassword,
  run: requestPasswordReset,
});

export { handler };
export default Page;
