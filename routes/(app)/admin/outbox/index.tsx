import { type Context, page } from "fresh";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define, type State } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  ListMessages,
  listMessages,
  type MessageStats,
  messageStats,
  type OutboxMessage,
} from "@/domain/messages/messages.ts";
import type { MessageState } from "@/domain/messages/states.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { MessageTable } from "./(_components)/MessageTable.tsx";
import { countText, Throughput } from "./(_components)/Throughput.tsx";
import { NOTHING, STATE_LABELS } from "./(_data)/wording.ts";

interface Data {
  state: MessageState;
  messages: OutboxMessage[];
  nextCursor: string | null;
  stats: MessageStats;
  /** Invalid parameters, by name; the list is empty then. */
  wrong: Record<string, string>;
  now: string;
}

const STATES = Object.keys(STATE_LABELS) as MessageState[];

async function read(ctx: Context<State>, cx: UserCx): Promise<Data> {
  ctx.state.title = "Outbox";
  const stats = await messageStats(cx);
  // Without a choice, the first tab that needs attention.
  const first = STATES.find((state) => state !== "sending" && stats.byState[state].count > 0) ?? "sent";
  const query = { state: first, ...Object.fromEntries(ctx.url.searchParams) };
  try {
    const input = parse(ListMessages, query);
    const { items, nextCursor } = await listMessages(cx, input);
    return { state: input.state ?? first, messages: items, nextCursor, stats, wrong: {}, now: cx.now };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
    const wrong = Object.fromEntries((error.facts.errors ?? []).map(({ path, message }) => [path, message]));
    return { state: first, messages: [], nextCursor: null, stats, wrong, now: cx.now };
  }
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const data = await load(ctx, (cx) => read(ctx, cx), ADMINS);
    return page(data, { status: Object.keys(data.wrong).length > 0 ? 422 : 200 });
  },
});

export default define.page<typeof handler>(({ data, state: { viewer }, url }) => {
  const { state, messages, nextCursor, stats, wrong, now } = data;
  const reader = viewer!.actor;
  const hrefOf = (query: Record<string, string>) => `/admin/outbox?${new URLSearchParams(query)}`;
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
      <FormErrors errors={Object.entries(wrong).map(([field, message]) => ({ field, message }))} />
      <Throughput stats={stats} reader={reader} now={now} />
      <Tabs
        label="Messages by state"
        tabs={STATES.map((each) => ({
          href: hrefOf({ state: each }),
          label: STATE_LABELS[each],
          current: each === state,
          count: countText(stats.byState[each]),
        }))}
      />
      {messages.length > 0
        ? (
          <Card flush>
            <MessageTable messages={messages} reader={reader} now={now} />
          </Card>
        )
        : <EmptyState icon="mail" title={NOTHING[state].title}>{NOTHING[state].text}</EmptyState>}
      <Pager
        firstHref={url.searchParams.has("cursor") ? hrefOf({ state }) : undefined}
        nextHref={nextCursor ? hrefOf({ state, cursor: nextCursor }) : undefined}
        shown={messages.length > 0 ? `${messages.length} shown` : undefined}
      />
    </div>
  );
});
