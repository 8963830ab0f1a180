import { type Context, page } from "fresh";
import { Card } from "@/components/Card.tsx";
import { ConfirmAddress } from "@/components/ConfirmAddress.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import type { State } from "@/define.ts";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import {
  type InvitationView,
  InviteUser,
  ListInvitations,
  listInvitations,
} from "@/domain/accounts/invitations.ts";
import { readProfile } from "@/domain/profile/profile.ts";
import { listQueues } from "@/domain/queues/read.ts";
import type { Named } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState, readForm, type RefusedForm } from "@/pages/forms.ts";
import { load, refused } from "@/pages/load.ts";
import { InvitationTable } from "@/routes/(app)/admin/users/(_components)/InvitationTable.tsx";
import { inviteOnce } from "@/routes/(app)/admin/users/(_data)/invite.ts";
import { Invited } from "@/routes/(app)/admin/users/(_components)/Invited.tsx";
import { InviteForm } from "@/routes/(app)/admin/users/(_components)/InviteForm.tsx";
import { peopleTabs } from "@/routes/(app)/admin/users/(_data)/tabs.ts";

interface Data {
  invitations: { items: InvitationView[]; nextCursor: string | null };
  queues: Named[];
  form: FormState;
  invited: InvitationView | null;
  now: string;
  /** The admin's own address, if it has to be confirmed before inviting. */
  unconfirmed: string | null;
}

async function read(ctx: Context<State>, cx: UserCx): Promise<Omit<Data, "form" | "invited">> {
  ctx.state.title = "Invitations";
  const query = { state: "pending", cursor: ctx.url.searchParams.get("cursor") ?? "" };
  const [invitations, queues, profile] = await Promise.all([
    listInvitations(cx, parse(ListInvitations, query)),
    listQueues(cx, { limit: 100 }),
    readProfile(cx),
  ]);
  const unconfirmed = cx.services.mail.delivers && !profile.emailVerified ? profile.email : null;
  return { invitations, queues: queues.items, now: cx.now, unconfirmed };
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const data = await load(ctx, (cx) => read(ctx, cx), ADMINS);
    return page({ ...data, form: EMPTY_FORM, invited: null });
  },
  // No redirect: the link in the answer must not pass through an address or a cookie.
  async POST(ctx) {
    const values = await readForm(ctx);
    try {
      const data = await load(ctx, async (cx) => {
        const invited = await inviteOnce(cx, parse(InviteUser, values), { path: ctx.url.pathname, values });
        return { ...await read(ctx, cx), invited };
      }, ADMINS);
      return page({ ...data, form: EMPTY_FORM }, { status: 201 });
    } catch (error) {
      const result = await refused(ctx, values, error);
      if (result instanceof Response) return result;
      const { form, status } = withFreshKey(result);
      const data = await load(ctx, (cx) => read(ctx, cx), ADMINS);
      return page({ ...data, form, invited: null }, { status });
    }
  },
});

/** A cached page can send its key with another address: sending it once more must not fail for that. */
function withFreshKey({ form, status }: RefusedForm): RefusedForm {
  if (form.refusal?.code !== "key_reused") return { form, status };
  const { idempotencyKey: _, ...values } = form.values;
  const errors = {
    "": "This form was already sent with different values. Send it again to invite this address too",
  };
  return { form: { ...form, values, errors }, status };
}

export default define.page<typeof handler>(({ data, state, url }) => {
  const { invitations: { items, nextCursor }, form, invited } = data;
  const wrong = Object.entries(form.errors).map(([path, message]) => {
    return { field: path.split(".")[0] ?? "", message };
  });
  return (
    <div class="page page-narrow">
      <PageHeader title="People" />
      <Tabs tabs={peopleTabs("invitations")} label="Lists" />
      {invited && <Invited invitation={invited} />}
      {data.unconfirmed && <ConfirmAddress email={data.unconfirmed} toInvite />}
      <FormErrors errors={wrong} />
      <InviteForm queues={data.queues} form={form} />
      <Card title="Pending invitations" flush>
        {items.length > 0
          ? <InvitationTable invitations={items} reader={state.viewer!.actor} now={data.now} />
          : <EmptyState icon="mail" title="No pending invitations" />}
      </Card>
      <Pager
        firstHref={url.searchParams.has("cursor") ? url.pathname : undefined}
        nextHref={nextCursor ? `${url.pathname}?cursor=${encodeURIComponent(nextCursor)}` : undefined}
      />
    </div>
  );
});
