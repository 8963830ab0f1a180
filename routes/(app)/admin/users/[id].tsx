import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { readUser, type UserView } from "@/domain/accounts/users.ts";
import { ChangePerson, changePerson, type HandoverResult } from "@/domain/handover/leave.ts";
import { readResponsibilities } from "@/domain/handover/responsibilities.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import type { Done } from "@/pages/load.ts";
import { ticketsBack } from "@/routes/(app)/admin/(_data)/tickets_back.ts";
import { AboutCard, AccessCard, RoleCard } from "./(_components)/UserCards.tsx";
import { ResponsibilitiesCard } from "./(_components)/Responsibilities.tsx";
import { UserBadges } from "./(_components)/UserTable.tsx";

export const handler = formPage({
  roles: ADMINS,
  load: async (cx, ctx) => {
    const id = idParam(ctx, "id");
    const [user, hanging, { staff }] = await Promise.all([
      readUser(cx, id),
      readResponsibilities(cx, id),
      ticketChoices(cx, { staff: true }),
    ]);
    return { user, hanging, successors: staff.filter((person) => person.id !== id), now: cx.now };
  },
  title: ({ user }) => user.name,
  schema: ChangePerson.extend({ version }),
  run: async (cx, input, ctx) => {
    const { user, handover } = await changePerson(cx, { ...input, id: idParam(ctx, "id") });
    return done(cx, user, { active: input.active, handover, handTo: input.handTo });
  },
});

function done(
  cx: UserCx,
  user: UserView,
  { active, handover, handTo }: {
    active: boolean | undefined;
    handover: HandoverResult | null;
    handTo?: string | null | undefined;
  },
): Done {
  // Someone who gave up the role themselves can't see this page any more.
  if (user.id === cx.actor.id && user.role !== "ADMIN") {
    return { to: "/home", flash: "Your role has changed" };
  }
  const flash = active === undefined
    ? `The role of ${user.name} has changed`
    : active
    ? `${user.name} can sign in again`
    : `${user.name} was deactivated and signed out everywhere`;
  const left = handover && (!handTo || handover.underWay) ? ticketsBack(handover, "their queues") : "";
  const emptied = (handover?.emptied ?? []).map(({ name }) => name).join(", ");
  const alone = emptied ? `. Nobody is left in: ${emptied}` : "";
  return { to: `/admin/users/${user.id}`, flash: flash + left + alone };
}

export default define.page<typeof handler>(({ data: { user, hanging, successors, form, now }, state }) => {
  const { actor } = state.viewer!;
  return (
    <div class="page page-narrow">
      <PageHeader
        title={user.name}
        crumbs={[{ label: "People", href: "/admin/users" }, { label: user.name }]}
        meta={
          <>
            <UserBadges user={user} />
            <span>{user.email}</span>
          </>
        }
      />
      <StaleNotice form={form} href={`/admin/users/${user.id}`} />
      <ErrorList form={form} />
      <ResponsibilitiesCard user={user} hanging={hanging} />
      <RoleCard user={user} form={form} successors={successors} />
      <AccessCard user={user} form={form} self={user.id === actor.id} successors={successors} />
      <AboutCard user={user} reader={actor} now={now} />
    </div>
  );
});
