import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { ListReceivedMails, listReceivedMails, type ReceivedMail } from "@/domain/mail/inbound/list.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { readQuery } from "@/pages/query.ts";
import { ticketAddress } from "@/routes/(app)/admin/(_data)/ticket_address.ts";
import { ReceivedTable } from "./(_components)/ReceivedTable.tsx";
import { OUTCOMES } from "./(_data)/outcome_labels.ts";

interface Data {
  mails: Page<ReceivedMail>;
  outcome: string;
  mailTo: string | null;
  now: string;
}

const PATH = "/admin/received-mail";
const SHOWN = ["opened", "commented", "noted", "refused", "ignored"] as const;

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Received email";
    const { input } = readQuery(ListReceivedMails, Object.fromEntries(ctx.url.searchParams));
    // An address that can't be read shows all.
    const query = input ?? parse(ListReceivedMails, {});
    return page(
      await load(ctx, async (cx) => ({
        mails: await listReceivedMails(cx, query),
        outcome: query.outcome ?? "",
        mailTo: ticketAddress(cx),
        now: cx.now,
      }), ADMINS),
    );
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { mails: { items, nextCursor }, outcome, mailTo, now } = data;
  return (
    <div class="page">
      <PageHeader title="Received email" crumbs={[{ label: "Administration", href: "/admin" }]} />
      <Tabs
        label="Emails by outcome"
        tabs={[
          { href: PATH, label: "All", current: outcome === "" },
          ...SHOWN.map((value) => ({
            href: `${PATH}?outcome=${value}`,
            label: OUTCOMES[value].label,
            current: outcome === value,
          })),
        ]}
      />
      {items.length > 0
        ? (
          <Card flush>
            <ReceivedTable mails={items} reader={state.viewer!.actor} now={now} />
          </Card>
        )
        : <Nothing outcome={outcome} mailTo={mailTo} />}
      <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
    </div>
  );
});

function Nothing({ outcome, mailTo }: { outcome: string; mailTo: string | null }) {
  if (outcome) {
    return (
      <EmptyState
        icon="mail"
        title="No matching emails"
        actions={<ButtonLink href={PATH}>Show all</ButtonLink>}
      />
    );
  }
  return (
    <EmptyState
      icon="mail"
      title="No emails yet"
      actions={<ButtonLink href="/admin/organisation#f-inboundUnknown">Choose who can write</ButtonLink>}
    >
      {mailTo
        ? `Emails to ${mailTo} become tickets, and replies to our emails become comments.`
        : "This installation receives no email. Set INBOUND_DOMAIN and RESEND_WEBHOOK_SECRET to change that."}
    </EmptyState>
  );
}
