import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Time } from "@/components/Time.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { listSuppressedAddresses, type SuppressedAddress } from "@/domain/mail/suppression.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { Breakable } from "@/routes/(app)/admin/(_components)/Breakable.tsx";

interface Data {
  addresses: Page<SuppressedAddress>;
  now: string;
}

const PATH = "/admin/suppressed-addresses";

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Suppressed addresses";
    const query = parse(PageOf, Object.fromEntries(ctx.url.searchParams));
    return page(
      await load(
        ctx,
        async (cx) => ({ addresses: await listSuppressedAddresses(cx, query), now: cx.now }),
        ADMINS,
      ),
    );
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { addresses: { items, nextCursor }, now } = data;
  return (
    <div class="page page-narrow">
      <PageHeader title="Suppressed addresses" crumbs={[{ label: "Administration", href: "/admin" }]} />
      {items.length > 0
        ? (
          <Card flush>
            <AddressTable addresses={items} reader={state.viewer!.actor} now={now} />
          </Card>
        )
        : (
          <EmptyState icon="mail" title="No suppressed addresses">
            An address is listed here when emails to it bounce permanently or its owner reports one as spam.
            Nothing is sent to it until you allow it again.
          </EmptyState>
        )}
      <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
    </div>
  );
});

function AddressTable(
  { addresses, reader, now }: { addresses: SuppressedAddress[]; reader: Reader; now: string },
) {
  return (
    <StackedTable
      caption="Suppressed addresses"
      columns={["Address", "Why", "Since", { hidden: "Allow again" }]}
    >
      {addresses.map(({ id, email, reason, detail, at }) => (
        <Row key={id}>
          <Cell class="c-title">
            <strong>
              <Breakable text={email} />
            </strong>
            {detail && (
              <div class="muted small">
                <Breakable text={detail} />
              </div>
            )}
          </Cell>
          <Cell>
            <Badge tone={reason === "complaint" ? "red" : "amber"}>
              {reason === "complaint" ? "Reported as spam" : "Bounced"}
            </Badge>
          </Cell>
          <Cell class="muted">
            <Time at={moment(at, reader, now)} />
          </Cell>
          <Cell class="actions">
            <form method="post" action={`${PATH}/${id}/lifting`}>
              <Button size="sm" variant="quiet" label={`Allow emails to ${email} again`}>
                Allow again
              </Button>
            </form>
          </Cell>
        </Row>
      ))}
    </StackedTable>
  );
}
