import { Avatar } from "@/components/Avatar.tsx";
import { Badge } from "@/components/Badge.tsx";
import { Card } from "@/components/Card.tsx";
import { Icon, type IconName } from "@/components/Icon.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { Notification } from "@/domain/notifications/inbox/list.ts";
import { byDay } from "@/routes/(app)/notifications/(_data)/days.ts";

/** Icons of the kinds that have no person to show. */
const ICONS: Partial<Record<Notification["kind"], IconName>> = {
  sla_warning: "clock",
  sla_breached: "alert",
  webhook_disabled: "link",
};

/** Notifications by day. Opening one by its button marks it as read. */
export function NotificationList({ items, reader, now }: {
  items: Notification[];
  reader: Reader;
  now: string;
}) {
  return (
    <>
      {byDay(items, reader, now).map((day) => (
        <Card key={day.label} title={day.label} flush>
          <ul>
            {day.items.map((item) => <Notice key={item.id} item={item} reader={reader} now={now} />)}
          </ul>
        </Card>
      ))}
    </>
  );
}

function Notice({ item, reader, now }: { item: Notification; reader: Reader; now: string }) {
  const unread = item.readAt === null;
  return (
    <li class={unread ? "notice is-unread" : "notice"}>
      {item.actor && !ICONS[item.kind]
        ? <Avatar person={item.actor} />
        : (
          <span class={item.kind === "sla_breached" ? "notice-icon tone-red" : "notice-icon tone-amber"}>
            <Icon name={ICONS[item.kind] ?? "bell"} size="sm" />
          </span>
        )}
      <div class="grow">
        <div class="notice-head">
          <Way item={item} />
          {item.internal && <Badge tone="amber">Internal</Badge>}
          <span class="notice-time">
            <Time at={moment(item.createdAt, reader, now)} />
          </span>
        </div>
        {item.ticket && (
          <p class="notice-ticket">
            <span class="ticket-key">{item.ticket.key}</span> {item.ticket.title}
          </p>
        )}
        {item.excerpt && <p class="notice-excerpt">{item.excerpt}</p>}
      </div>
      {unread && <span class="notice-dot" aria-hidden="true" />}
    </li>
  );
}

/** What is unread is opened by a form: following a link changes nothing. */
function Way({ item }: { item: Notification }) {
  if (item.readAt !== null) return <a class="row-link" href={item.path}>{item.message}</a>;
  return (
    <form method="post" action={item.path}>
      <button type="submit" class="row-link">
        {item.message}
        <span class="visually-hidden">, unread</span>
      </button>
    </form>
  );
}
