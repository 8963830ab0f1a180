import { type Context, page } from "fresh";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import type { State } from "@/define.ts";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { ChangeUser, changeUser } from "@/domain/accounts/user_change.ts";
import { readUser, type UserView } from "@/domain/accounts/users.ts";
import { id, version } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { type Done, load, submit } from "@/pages/load.ts";
import { AboutCard, AccessCard, RoleCard } from "./(_components)/UserCards.tsx";
import { UserBadges } from "./(_components)/UserTable.tsx";

interface Data {
  user: UserView;
  form: FormState;
  now: string;
}

async function userData(ctx: Context<State>, form: FormState): Promise<Data> {
  const data = await load(
    ctx,
    async (cx) => ({ user: await readUser(cx, userId(ctx)), now: cx.now }),
    ADMINS,
  );
  ctx.state.title = data.user.name;
  return { ...data, form };
}

function userId(ctx: Context<State>): string {
  const parsed = id.safeParse(ctx.params.id);
  if (!parsed.success) throw new DomainError("not_found");
  return parsed.data;
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await userData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: ChangeUser.extend({ version }),
      roles: ADMINS,
      run: async (cx, input) => {
        const { role, active, version } = input;
        return done(cx, input, await changeUser(cx, { role, active, version, id: userId(ctx) }));
      },
    });
    if (result instanceof Response) return result;
    return page(await userData(ctx, result.form), { status: result.status });
  },
});

function done(cx: UserCx, { active }: { active?: boolean | undefined }, user: UserView): Done {
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
  const wrong = Object.entries(form.errors).map(([field, message]) => ({ field, message }));
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
      <FormErrors errors={wrong} />
      <RoleCard user={user} form={form} />
      <AccessCard user={user} self={user.id === actor.id} />
      <AboutCard user={user} reader={actor} now={now} />
    </div>
  );
});
