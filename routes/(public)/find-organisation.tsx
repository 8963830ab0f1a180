import { define } from "@/define.ts";
import { FindOrganisations, findOrganisations } from "@/domain/auth/find_organisations.ts";
import { redirect } from "@/pages/flash.ts";
import { publicFormPage } from "@/pages/public.ts";
import { EmailRequest } from "./(_components)/EmailRequest.tsx";

const TITLE = "Find my organisation";

export const handler = publicFormPage({
  title: TITLE,
  schema: FindOrganisations,
  run: async (request, input, ctx) => {
    await findOrganisations(request, input);
    const sent = "If an account uses that address, the list is on its way. Check your email.";
    return redirect(ctx, ctx.url.pathname, sent);
  },
});

export default define.page<typeof handler>(({ data: { form }, state }) => (
  <EmailRequest
    title={TITLE}
    intro="We'll email you the sign-in pages of all your organisations."
    button="Send the list"
    sent={state.flash}
    form={form}
  />
));
