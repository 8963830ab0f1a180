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
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { OUTCOME_LABELS, ReceivedTable } from "./(_components)/ReceivedTable.tsx";

interface Data {
  mails: ReceivedMail[];
  nextCursor: string | null;
  outcome: string;
  /** Address for new tickets; null if the installation receives no email. */
  mailTo: string | null;
  now: string;
}

const PATH = "/admin/received-mail";
const SHOWN = ["opened", "commented", "noted", "refused", "ignored"] as const;

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Received email";
    const query = Object.fromEntries(ctx.url.searchParams);
    return page(
      await load(ctx, async (cx) => {
        const known = ListReceivedMails.safeParse(query).success ? query : {};
        const { items, nextCursor } = await listReceivedMails(cx, parse(ListReceivedMails, known));
        const { INBOUND_DOMAIN } = cx.services.config;
        const mailTo = INBOUND_DOMAIN ? `${cx.tenant.slug}@${INBOUND_DOMAIN}` : null;
        return { mails: items, nextCursor, outcome: known.outcome ?? "", mailTo, now: cx.now };
      }, ADMINS),
    );
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { mails, nextCursor, outcome, mailTo, now } = data;
  const listed = (value: string) => value ? `${PATH}?outcome=${value}` : PATH;
  return (
    <div class="page">
      <PageHeader title="Received email" crumbs={[{ label: "Administration", href: "/admin" }]} />
      <Tabs
        label="Emails by outcome"
        tabs={[
          { href: PATH, label: "All", current: outcome === "" },
          ...SHOWN.map((value) => ({
            href: listed(value),
            label: OUTCOME_LABELS[value],
            current: outcome === value,
          })),
        ]}
      />
      {mails.length > 0
        ? (
          <Card flush>
            <ReceivedTable mails={mails} reader={state.viewer!.actor} now={now} />
          </Card>
        )
        : <Nothing outcome={outcome} mailTo={mailTo} />}
      <Pager
        firstHref={url.searchParams.has("cursor") ? listed(outcome) : undefined}
        nextHref={nextCursor
          ? `${listed(outcome)}${outcome ? "&" : "?"}cursor=${encodeURIComponent(nextCursor)}`
          : undefined}
      />
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
