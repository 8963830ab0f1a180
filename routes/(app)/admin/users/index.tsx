import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { DomainError } from "@/domain/errors.ts";
import { ListUsers, listUsers, type UserView } from "@/domain/accounts/users.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { peopleTabs } from "./(_data)/tabs.ts";
import { UserFilters } from "./(_components)/UserFilters.tsx";
import { UserTable } from "./(_components)/UserTable.tsx";

interface Data {
  users: { items: UserView[]; nextCursor: string | null };
  /** Why the filters are invalid; the list is empty then. */
  wrong: string;
  now: string;
}

const NOBODY = { items: [], nextCursor: null };

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "People";
    const query = Object.fromEntries(ctx.url.searchParams);
    const data = await load(ctx, async (cx) => {
      try {
        return { users: await listUsers(cx, parse(ListUsers, query)), wrong: "", now: cx.now };
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
        const wrong = error.facts.errors?.map(({ path, message }) => `${path}: ${message}`).join("; ");
        return { users: NOBODY, wrong: wrong ?? error.message, now: cx.now };
      }
    }, ADMINS);
    return page(data, { status: data.wrong ? 422 : 200 });
  },
});

export default define.page<typeof handler>(({ data: { users, wrong, now }, state, url }) => {
  const { items, nextCursor } = users;
  return (
    <div class="page">
      <PageHeader
        title="People"
        actions={
          <ButtonLink href="/admin/users/invitations" icon="plus" variant="primary">Invite</ButtonLink>
        }
      />
      <Tabs tabs={peopleTabs("members")} label="Lists" />
      <UserFilters search={url.searchParams} />
      <FormErrors errors={wrong ? [{ field: "", message: wrong }] : []} />
      {items.length > 0
        ? (
          <Card flush>
            <UserTable users={items} reader={state.viewer!.actor} now={now} />
          </Card>
        )
        : (
          <EmptyState
            icon="users"
            title="No people found"
            actions={<ButtonLink href="/admin/users">Show everyone</ButtonLink>}
          >
            The search matches the beginning of names and email addresses.
          </EmptyState>
        )}
      <Pager
        firstHref={url.searchParams.has("cursor") ? pageHref(url, null) : undefined}
        nextHref={nextCursor ? pageHref(url, nextCursor) : undefined}
        shown={items.length > 0 ? `${items.length} shown` : undefined}
      />
    </div>
  );
});

function pageHref(url: URL, cursor: string | null): string {
  const next = new URLSearchParams([...url.searchParams].filter(([name]) => name !== "cursor"));
  if (cursor) next.set("cursor", cursor);
  return next.size > 0 ? `/admin/users?${next}` : "/admin/users";
}
