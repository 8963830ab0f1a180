import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import type { TicketRowData } from "@/components/TicketRow.tsx";
import { TicketTable } from "@/components/TicketTable.tsx";
import { Features, Hero, LandingLayout } from "@/components/Landing.tsx";
import { define } from "@/define.ts";
import { isSignupOpen, soleTenant } from "@/domain/organisations/tenants.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { claimOf } from "@/pages/load.ts";

interface Data {
  /** Whether there is no organisation yet: the first visit leads to creating one. */
  isNew: boolean;
  signupOpen: boolean;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    if (claimOf(ctx)) return ctx.redirect("/home", 303);
    const [{ total }, signupOpen] = await Promise.all([soleTenant(), isSignupOpen(incomingOf(ctx.req))]);
    ctx.state.title = "IT service desk";
    return page({ isNew: total === 0, signupOpen });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <LandingLayout signInHref="/sign-in" foot="ServiceHub is open source under the MIT licence.">
    <Hero
      title="Every request, looked after"
      lead="A service desk that your company runs itself: people ask, agents answer, and nothing gets lost."
      actions={data.isNew
        ? <ButtonLink href="/register" variant="primary" size="lg">Create your organisation</ButtonLink>
        : (
          <>
            <ButtonLink href="/sign-in" variant="primary" size="lg">Sign in</ButtonLink>
            {data.signupOpen && <ButtonLink href="/register" size="lg">Create an organisation</ButtonLink>}
          </>
        )}
    >
      <TicketTable tickets={SAMPLE} caption="Tickets" />
    </Hero>
    <Features
      items={[
        {
          icon: "ticket",
          title: "Tickets that move",
          text: "Triage, assign, answer and resolve, with one clear state.",
        },
        {
          icon: "lock",
          title: "Strict separation",
          text: "Each request opens one organisation. The database refuses it the rows of any other.",
        },
        {
          icon: "check",
          title: "Nothing overwritten",
          text: "If two people edit at once, the second sees both versions and chooses.",
        },
        {
          icon: "home",
          title: "Yours to run",
          text: "One command, PostgreSQL included. No account, no cloud.",
        },
        {
          icon: "eyeOff",
          title: "Internal stays internal",
          text: "Internal notes never reach a requester.",
        },
        {
          icon: "settings",
          title: "Open to your tools",
          text: "Everything the pages do, the REST API under /v1 does too.",
        },
      ]}
    />
  </LandingLayout>
));

const SAMPLE: TicketRowData[] = [
  sample("INC-1052", "VPN drops every few minutes since the update", "new", "urgent", [
    "Ana Silva",
    null,
    "Network",
  ]),
  sample("REQ-1051", "New laptop for Grete, who starts on 1 December", "open", "high", [
    "Bo Kowal",
    "Emi Tanaka",
    "Hardware",
  ]),
  sample("INC-1050", "Printer on floor 3 prints blank pages", "in_progress", "medium", [
    "Chiara De Luca",
    "Farid Nasser",
    "Hardware",
  ]),
  sample("INC-1049", "Cannot open the shared drive “Finance”", "pending", "high", [
    "Daniel Okafor",
    "Grete Lind",
    "Access",
  ]),
  sample("INC-1047", "Mailbox is full", "resolved", "low", ["Emi Tanaka", "Ana Silva", "Software"]),
];

function sample(
  key: string,
  title: string,
  status: TicketRowData["status"],
  priority: TicketRowData["priority"],
  [requester, assignee, queue]: [string, string | null, string],
): TicketRowData {
  return {
    id: key,
    key,
    href: "#",
    title,
    status,
    priority,
    requester: { id: requester, name: requester },
    assignee: assignee === null ? null : { id: assignee, name: assignee },
    queue,
    updated: { iso: "", absolute: "", relative: "today" },
  };
}
