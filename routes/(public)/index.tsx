import { page } from "fresh";
import { ButtonLink } from "../../components/Button.tsx";
import { Features, Hero, LandingLayout } from "../../components/Landing.tsx";
import { define } from "../../define.ts";
import { isSignupOpen, soleTenant } from "../../domain/identity/tenants.ts";
import { incomingOf } from "../../edge/incoming.ts";
import { claimOf } from "../../pages/load.ts";

interface Data {
  /** Whether there is an organisation at all: the first visit leads to making one. */
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
      lead="A service desk that your company runs itself: people ask, agents answer, and nothing gets lost in between."
      actions={data.isNew
        ? <ButtonLink href="/register" variant="primary" size="lg">Create your organisation</ButtonLink>
        : (
          <>
            <ButtonLink href="/sign-in" variant="primary" size="lg">Sign in</ButtonLink>
            {data.signupOpen && <ButtonLink href="/register" size="lg">Create an organisation</ButtonLink>}
          </>
        )}
    />
    <Features
      items={[
        {
          icon: "ticket",
          title: "Tickets that move",
          text: "Triage, assign, answer and resolve, with one clear state.",
        },
        {
          icon: "lock",
          title: "Kept apart",
          text: "The database itself refuses rows of any other organisation.",
        },
        {
          icon: "clock",
          title: "Nothing overwritten",
          text: "Who changes what others changed first gets both to see.",
        },
        {
          icon: "home",
          title: "Yours to run",
          text: "One command, PostgreSQL included. No account, no cloud.",
        },
      ]}
    />
  </LandingLayout>
));
