import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { ChangeUser, changeUser } from "@/domain/accounts/user_change.ts";
import { readUser, type UserView } from "@/domain/accounts/users.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import type { Done } from "@/pages/load.ts";
import { AboutCard, AccessCard, RoleCard } from "./(_components)/UserCards.tsx";
import { UserBadges } from "./(_components)/UserTable.tsx";

export const handler = formPage({
  roles: ADMINS,
  load: async (cx, ctx) => ({ user: await readUser(cx, idParam(ctx, "id")), now: cx.now }),
  title: ({ user }) => user.name,
  schema: ChangeUser.extend({ version }),
  run: async (cx, { role, active, version }, ctx) => {
    const user = await changeUser(cx, { role, active, version, id: idParam(ctx, "id") });
    return done(cx, user, active);
  },
});

function done(cx: UserCx, user: UserView, active: boolean | undefined): Done {
  // Someone who gave up the role themselves can't see this page any more.
  if (user.id === cx.actor.id && user.role !== "ADMIN") {
    return { to: "/home", flash: "Your role has changed" };
  }
  const flash = active === undefined
    ? `The role of ${user.name} has changed`
    : active
    ? `${user.name} can sign in again`
    : `${user.name} was deactivated and signed out everywhere`;
  return { to: `/admin/users/${user.id}`, flash };
}

export default define.page<typeof handler>(({ data: { user, form, now }, state }) => {
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
      <RoleCard user={user} form={form} />
      <AccessCard user={user} self={user.id === actor.id} />
      <AboutCard user={user} reader={actor} now={now} />
    </div>
  );
});
