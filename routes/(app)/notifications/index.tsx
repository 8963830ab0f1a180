import { Button, ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import { ListNotifications, listNotifications } from "@/domain/notifications/inbox/list.ts";
import { ReadNotifications, readNotifications } from "@/domain/notifications/inbox/read.ts";
import { unreadLabel } from "@/domain/notifications/wording.ts";
import { parse } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { NotificationList } from "./(_components)/NotificationList.tsx";

export const handler = formPage({
  load: async (cx, ctx) => {
    const { unread, cursor } = Object.fromEntries(ctx.url.searchParams);
    const query = parse(ListNotifications, { unread, cursor });
    return { ...await listNotifications(cx, query), onlyUnread: query.unread, now: cx.now };
  },
  title: "Notifications",
  schema: ReadNotifications,
  run: async (cx, input) => {
    await readNotifications(cx, input);
    return input.ticketId
      ? { to: `/tickets/${input.ticketId}`, flash: "This ticket's notifications are marked as read" }
      : { to: "/notifications", flash: "All notifications marked as read" };
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { items, nextCursor, unread, onlyUnread, now, form } = data;
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
        label="Lists"
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
      <ErrorList form={form} unlinked />
      {items.length > 0
        ? <NotificationList items={items} reader={state.viewer!.actor} now={now} />
        : <Nothing onlyUnread={onlyUnread} />}
      <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
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
      Replies, assignments and changes to your tickets will show here.
    </EmptyState>
  );
}
