import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Time } from "@/components/Time.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { listSuppressedAddresses, type SuppressedAddress } from "@/domain/mail/suppression.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { Breakable } from "@/routes/(app)/admin/users/(_components)/Breakable.tsx";

interface Data {
  addresses: SuppressedAddress[];
  nextCursor: string | null;
  now: string;
}

const PATH = "/admin/suppressed-addresses";

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Suppressed addresses";
    return page(
      await load(ctx, async (cx) => {
        const cursor = ctx.url.searchParams.get("cursor") ?? "";
        const { items, nextCursor } = await listSuppressedAddresses(cx, parse(PageOf, { cursor }));
        return { addresses: items, nextCursor, now: cx.now };
      }, ADMINS),
    );
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { addresses, nextCursor, now } = data;
  return (
    <div class="page page-narrow">
      <PageHeader title="Suppressed addresses" crumbs={[{ label: "Administration", href: "/admin" }]} />
      {addresses.length > 0
        ? (
          <Card flush>
            <AddressTable addresses={addresses} reader={state.viewer!.actor} now={now} />
          </Card>
        )
        : (
          <EmptyState icon="mail" title="No suppressed addresses">
            An address is listed here when emails to it bounce permanently or its owner reports one as spam.
            Nothing is sent to it until you allow it again.
          </EmptyState>
        )}
      <Pager
        firstHref={url.searchParams.has("cursor") ? PATH : undefined}
        nextHref={nextCursor ? `${PATH}?cursor=${encodeURIComponent(nextCursor)}` : undefined}
      />
    </div>
  );
});

function AddressTable(
  { addresses, reader, now }: { addresses: SuppressedAddress[]; reader: Reader; now: string },
) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table stacks" role="table">
        <caption class="visually-hidden">Suppressed addresses</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Address</th>
            <th scope="col" role="columnheader">Why</th>
            <th scope="col" role="columnheader">Since</th>
            <th scope="col" role="columnheader">
              <span class="visually-hidden">Allow again</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {addresses.map(({ id, email, reason, detail, at }) => (
            <tr key={id} role="row">
              <td class="c-title" role="cell">
                <strong>
                  <Breakable text={email} />
                </strong>
                {detail && (
                  <div class="muted small">
                    <Breakable text={detail} />
                  </div>
                )}
              </td>
              <td role="cell">
                <Badge tone={reason === "complaint" ? "red" : "amber"}>
                  {reason === "complaint" ? "Reported as spam" : "Bounced"}
                </Badge>
              </td>
              <td class="muted" role="cell">
                <Time at={moment(at, reader, now)} />
              </td>
              <td class="actions" role="cell">
                <form method="post" action={`${PATH}/${id}/lifting`}>
                  <Button size="sm" variant="quiet" label={`Allow emails to ${email} again`}>
                    Allow again
                  </Button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
