import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { ListUsers, listUsers, type UserView } from "@/domain/accounts/users.ts";
import type { Page } from "@/domain/shared/types.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { readList } from "@/pages/query.ts";
import { peopleTabs } from "./(_data)/people_tabs.ts";
import { UserFilters } from "./(_components)/UserFilters.tsx";
import { UserTable } from "./(_components)/UserTable.tsx";

interface Data {
  users: Page<UserView>;
  wrong: string[];
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "People";
    const query = Object.fromEntries(ctx.url.searchParams);
    const data = await load(ctx, async (cx) => {
      const { list, wrong } = await readList(ListUsers, query, (input) => listUsers(cx, input));
      return { users: list, wrong: wrong.map((parts) => parts.filter(Boolean).join(": ")), now: cx.now };
    }, ADMINS);
    return page(data, { status: data.wrong.length > 0 ? 422 : 200 });
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
      <ErrorList message={wrong} />
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
        firstHref={firstHref(url)}
        nextHref={nextHref(url, nextCursor)}
        shown={items.length > 0 ? `${items.length} shown` : undefined}
      />
    </div>
  );
});
