import { FindOrganisations, findOrganisations } from "@/domain/auth/find_organisations.ts";
import { mailRequest } from "./(_components)/MailRequestPage.tsx";

const { handler, Page } = mailRequest({
  title: "Find my organisation",
  intro: "We'll email you the sign-in pages of all your organisations.",
  button: "Send the list",
  sent: "If an account uses that address, the list is on its way. Check your email.",
  schema: FindOrganisations,
  run: findOrganisations,
});

export { handler };
export default Page;
