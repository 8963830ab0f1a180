import { page } from "fresh";
import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import {
  ListMessages,
  listMessages,
  type MessageStats,
  messageStats,
  type OutboxMessage,
} from "@/domain/messages/messages.ts";
import { MESSAGE_STATES, type MessageState } from "@/domain/messages/states.ts";
import { ADMINS } from "@/domain/permissions.ts";
import type { Page } from "@/domain/shared/types.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { readList } from "@/pages/query.ts";
import { MessageTable } from "./(_components)/MessageTable.tsx";
import { Throughput } from "./(_components)/Throughput.tsx";
import { NOTHING, STATE_LABELS } from "./(_data)/message_labels.ts";

interface Data {
  state: MessageState;
  messages: Page<OutboxMessage>;
  stats: MessageStats;
  wrong: string[];
  now: string;
  /** Whether emails reach anybody. */
  delivers: boolean;
}

/** The tabs; those that need attention come first. */
const STATES = Object.keys(STATE_LABELS) as MessageState[];

async function read(cx: UserCx, query: Record<string, string>): Promise<Data> {
  const stats = await messageStats(cx);
  const first = STATES.find((state) => state !== "sending" && stats.byState[state].count > 0) ?? "sent";
  const state = MESSAGE_STATES.find((each) => each === query.state) ?? first;
  const { list, wrong } = await readList(
    ListMessages,
    { state, ...query },
    (input) => listMessages(cx, input),
  );
  const texts = wrong.map((parts) => parts.filter(Boolean).join(": "));
  return { state, messages: list, stats, wrong: texts, now: cx.now, delivers: cx.services.mail.delivers };
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Outbox";
    const query = Object.fromEntries(ctx.url.searchParams);
    const data = await load(ctx, (cx) => read(cx, query), ADMINS);
    return page(data, { status: data.wrong.length > 0 ? 422 : 200 });
  },
});

export default define.page<typeof handler>(({ data, state: { viewer }, url }) => {
  const { state, messages: { items, nextCursor }, stats, wrong, now, delivers } = data;
  const reader = viewer!.actor;
  // A cursor belongs to the tab that was shown, whether the address named it or not.
  const address = new URL(url);
  address.searchParams.set("state", state);
  return (
    <div class="page">
      <PageHeader
        title="Outbox"
        crumbs={[{ label: "Administration", href: "/admin" }]}
        actions={stats.byState.failed.count > 0 && (
          <form method="post" action="/admin/outbox/retry">
            <Button icon="refresh" variant="primary">Retry all failed</Button>
          </form>
        )}
      />
      <ErrorList message={wrong} />
      {!delivers && (
        <Banner kind="info">No mail transport is set up: emails are saved as files and reach nobody.</Banner>
      )}
      <Throughput stats={stats} reader={reader} now={now} />
      <Tabs
        label="Messages by state"
        tabs={STATES.map((each) => ({
          href: `/admin/outbox?state=${each}`,
          label: STATE_LABELS[each],
          current: each === state,
          count: countLabel(stats.byState[each]),
        }))}
      />
      {items.length > 0
        ? (
          <Card flush>
            <MessageTable messages={items} reader={reader} now={now} />
          </Card>
        )
        : <EmptyState icon="mail" title={NOTHING[state].title}>{NOTHING[state].text}</EmptyState>}
      <Pager
        firstHref={firstHref(address)}
        nextHref={nextHref(address, nextCursor)}
        shown={items.length > 0 ? `${items.length} shown` : undefined}
      />
    </div>
  );
});
