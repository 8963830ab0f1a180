import { define } from "@/define.ts";
import { organisationCookieName } from "@/domain/auth/cookies.ts";
import { ForgotPassword, requestPasswordReset } from "@/domain/auth/forgot_password.ts";
import { soleTenant } from "@/domain/organisations/tenants.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "@/pages/flash.ts";
import { publicFormPage } from "@/pages/public.ts";
import { EmailRequest } from "./(_components)/EmailRequest.tsx";

const TITLE = "Reset your password";

export const handler = publicFormPage({
  title: TITLE,
  load: async (ctx) => {
    const several = (await soleTenant()).total > 1;
    const name = organisationCookieName(incomingOf(ctx.req).services.config);
    return { organisation: several ? cookiesOf(ctx.req)[name] ?? "" : null };
  },
  schema: ForgotPassword,
  run: async (request, input, ctx) => {
    await requestPasswordReset(request, input);
    const sent = "If an account uses that address, the link is on its way. Check your email.";
    return redirect(ctx, ctx.url.pathname, sent);
  },
});

export default define.page<typeof handler>(({ data: { form, organisation }, state }) => (
  <EmailRequest
    title={TITLE}
    intro="We'll email you a link that is valid for 30 minutes."
    button="Send the link"
    sent={state.flash}
    form={form}
    organisation={organisation}
  />
));
