import { type Context, page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define, type State } from "@/define.ts";
import {
  ListNotifications,
  listNotifications,
  type Notification,
  type UnreadCount,
} from "@/domain/notifications/inbox/list.ts";
import { ReadNotifications, readNotifications } from "@/domain/notifications/inbox/read.ts";
import { unreadLabel } from "@/domain/notifications/wording.ts";
import { parse } from "@/domain/validation.ts";
import { load, submit } from "@/pages/load.ts";
import { NotificationList } from "./(_components)/NotificationList.tsx";

interface Data {
  items: Notification[];
  nextCursor: string | null;
  unread: UnreadCount;
  onlyUnread: boolean;
  now: string;
  /** Why the form was refused. */
  wrong: string;
}

async function listOf(ctx: Context<State>, wrong = ""): Promise<Data> {
  ctx.state.title = "Notifications";
  const { unread, cursor } = Object.fromEntries(ctx.url.searchParams);
  return await load(ctx, async (cx) => {
    const query = parse(ListNotifications, { unread, cursor });
    return { ...await listNotifications(cx, query), onlyUnread: query.unread, now: cx.now, wrong };
  });
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await listOf(ctx)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: ReadNotifications,
      run: async (cx, input) => {
        await readNotifications(cx, input);
        return { to: "/notifications", flash: "All notifications are marked as read" };
      },
    });
    if (result instanceof Response) return result;
    return page(await listOf(ctx, Object.values(result.form.errors)[0] ?? ""), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data, state }) => {
  const { items, nextCursor, unread, onlyUnread, now, wrong } = data;
  return (
    <div class="page page-narrow">
      <PageHeader
        title="Notifications"
        actions={
          <>
            {unread.count > 0 && (
              <form method="post" action="/notifications" id="read-all">
                <input type="hidden" name="all" value="true" />
                <input type="hidden" name="before" value={now} />
                <Button icon="check">Mark all as read</Button>
              </form>
            )}
            <ButtonLink href="/profile#notifications" variant="quiet" icon="settings">Settings</ButtonLink>
          </>
        }
      />
      <Tabs
        label="Which"
        tabs={[
          { href: "/notifications", label: "All", current: !onlyUnread },
          {
            href: "/notifications?unread=true",
            label: "Unread",
            current: onlyUnread,
            ...(unread.count > 0 ? { count: unreadLabel(unread) } : {}),
          },
        ]}
      />
      <FormErrors errors={wrong ? [{ field: "", message: wrong }] : []} />
      {items.length > 0
        ? <NotificationList items={items} reader={state.viewer!.actor} now={now} />
        : <Nothing onlyUnread={onlyUnread} />}
      <Pager nextHref={nextCursor ? nextPage(nextCursor, onlyUnread) : undefined} />
    </div>
  );
});

function Nothing({ onlyUnread }: { onlyUnread: boolean }) {
  if (onlyUnread) {
    return (
      <EmptyState
        icon="check"
        title="You're all caught up"
        actions={<ButtonLink href="/notifications">Show all</ButtonLink>}
      />
    );
  }
  return (
    <EmptyState
      icon="bell"
      title="No notifications yet"
      actions={<ButtonLink href="/profile#notifications" icon="settings">Notification settings</ButtonLink>}
    >
      Replies, assignments and changes to your tickets are shown here.
    </EmptyState>
  );
}

function nextPage(cursor: string, onlyUnread: boolean): string {
  return `/notifications?${new URLSearchParams({ ...(onlyUnread ? { unread: "true" } : {}), cursor })}`;
}
