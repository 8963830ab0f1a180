import { page } from "fresh";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { define } from "@/define.ts";
import { readUnsubscribe, unsubscribe, type UnsubscriptionView } from "@/domain/mail/unsubscribe.ts";
import { incomingOf } from "@/edge/incoming.ts";

export const handler = define.handlers<{ view: UnsubscriptionView | null }>({
  async GET(ctx) {
    ctx.state.title = "Email notifications";
    const view = await readUnsubscribe(incomingOf(ctx.req), ctx.params.token!);
    return page({ view }, { status: view ? 200 : 404 });
  },
  // Mail programs send `List-Unsubscribe=One-Click` (RFC 8058), the button nothing: the address is enough.
  async POST(ctx) {
    ctx.state.title = "Email notifications";
    const view = await unsubscribe(incomingOf(ctx.req), ctx.params.token!);
    return page({ view }, { status: view ? 200 : 404 });
  },
});

export default define.page<typeof handler>(({ data: { view } }) => {
  if (!view) {
    return (
      <AuthLayout
        title="This link can't be used"
        intro="It is incomplete, or its account is no longer active. You can choose your emails in your profile."
      >
        <ButtonLink href="/profile#notifications" variant="primary" block>Open my profile</ButtonLink>
      </AuthLayout>
    );
  }
  const what = <strong>{view.what}</strong>;
  return view.off
    ? (
      <AuthLayout
        title="These emails are off"
        intro={
          <>
            {view.organisation} no longer emails you {what}. {view.report
              ? "Whoever looks after the report can add you again."
              : "You can turn these emails on again in your profile."}
          </>
        }
      >
        {!view.report &&
          <ButtonLink href="/profile#notifications" variant="secondary" block>Open my profile</ButtonLink>}
      </AuthLayout>
    )
    : (
      <AuthLayout
        title="Turn off these emails?"
        intro={<>{view.organisation} emails you {what}. You'll still see it in the help desk.</>}
        aside={!view.report && <a href="/profile#notifications">Choose in my profile instead</a>}
      >
        <form class="form" method="post">
          <Button variant="primary" block>Turn them off</Button>
        </form>
      </AuthLayout>
    );
});
