import { FindOrganisations, findOrganisations } from "@/domain/auth/find_organisations.ts";
import { mailRequest } from "./(_components)/MailRequestPage.tsx";

const { handler, Page } = mailRequest({
  title: "Find my organisation",
  intro: "We send the sign-in pages of every organisation you belong to.",
  button: "Send the list",
  sent: "If an account has that address, the list is on its way. Check your e-mail.",
  schema: FindOrganisations,
  run: findOrganisations,
});

export { handler };
export default Page;
