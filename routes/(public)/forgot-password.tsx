import { ForgotPassword, requestPasswordReset } from "@/domain/auth/reset.ts";
import { mailRequest } from "./(_components)/MailRequestPage.tsx";

const { handler, Page } = mailRequest({
  title: "Reset your password",
  intro: "We send a link that is good for 30 minutes.",
  button: "Send the link",
  sent: "If an account has that address, the link is on its way. Check your e-mail.",
  schema: ForgotPassword,
  run: requestPasswordReset,
});

export { handler };
export default Page;
