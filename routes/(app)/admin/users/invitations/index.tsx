import { Card } from "@/components/Card.tsx";
import { ConfirmAddress } from "@/components/ConfirmAddress.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import {
  getInvitation,
  InviteUser,
  inviteUser,
  ListInvitations,
  listInvitations,
  withAcceptUrl,
} from "@/domain/accounts/invitations.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { unprovedAddress } from "@/domain/profile/proved_address.ts";
import { listQueues } from "@/domain/queues/read.ts";
import { parse } from "@/domain/validation.ts";
import { revealPage } from "@/pages/form_page.ts";
import type { FormState } from "@/pages/forms.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { InvitationTable } from "@/routes/(app)/admin/users/(_components)/InvitationTable.tsx";
import { Invited } from "@/routes/(app)/admin/users/(_components)/Invited.tsx";
import { InviteForm } from "@/routes/(app)/admin/users/(_components)/InviteForm.tsx";
import { peopleTabs } from "@/routes/(app)/admin/users/(_data)/people_tabs.ts";

export const handler = revealPage({
  roles: ADMINS,
  load: async (cx, ctx) => {
    const query = { state: "pending", cursor: ctx.url.searchParams.get("cursor") ?? "" };
    const [invitations, queues, unconfirmed] = await Promise.all([
      listInvitations(cx, parse(ListInvitations, query)),
      listQueues(cx, { limit: 100 }),
      unprovedAddress(cx),
    ]);
    return { invitations, queues: queues.items, now: cx.now, unconfirmed };
  },
  title: "Invitations",
  schema: InviteUser,
  // Reloading must not invalidate a link that was just shared: it is derived from the invitation while that is open.
  run: async (cx, input, _ctx, once) => {
    const id = await once(async () => (await inviteUser(cx, input)).id);
    const invitation = await getInvitation(cx, id);
    return invitation.state === "pending" ? withAcceptUrl(cx, invitation) : invitation;
  },
  status: 201,
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { invitations: { items, nextCursor }, queues, form, revealed, unconfirmed, now } = data;
  return (
    <div class="page page-narrow">
      <PageHeader title="People" />
      <Tabs tabs={peopleTabs("invitations")} label="Lists" />
      {revealed && <Invited invitation={revealed} />}
      {unconfirmed && <ConfirmAddress email={unconfirmed} to="invite people" />}
      <ErrorList form={{ errors: errorsOf(form) }} />
      <InviteForm queues={queues} form={form} />
      <Card title="Pending invitations" flush>
        {items.length > 0
          ? <InvitationTable invitations={items} reader={state.viewer!.actor} now={now} />
          : <EmptyState icon="mail" title="No pending invitations" />}
      </Card>
      <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
    </div>
  );
});

/** An error about one id among the queues is about the queues. */
function errorsOf({ errors }: FormState): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).map(([path, text]) => [path.split(".")[0]!, text]));
}
