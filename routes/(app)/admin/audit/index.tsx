import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { auditActions, type AuditEntry, ListAudit, listAudit } from "@/domain/audit/list.ts";
import type { UserCx } from "@/domain/cx.ts";
import { instantOf } from "@/domain/shared/moment.ts";
import type { Page } from "@/domain/shared/types.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { readList } from "@/pages/query.ts";
import { AuditFilters } from "./(_components)/AuditFilters.tsx";
import { AuditList } from "./(_components)/AuditList.tsx";

interface Data {
  entries: Page<AuditEntry>;
  actions: string[];
  /** Invalid filters, by field; the list is empty then. */
  errors: Record<string, string>;
  now: string;
}

async function read(cx: UserCx, { from, to, ...rest }: Record<string, string>): Promise<Data> {
  const query = { ...rest, from: dayStart(cx, from), to: dayStart(cx, to, 1) };
  const [{ list, wrong }, actions] = await Promise.all([
    readList(ListAudit, query, (input) => listAudit(cx, input)),
    auditActions(cx),
  ]);
  const errors = wrong.map(([name, text]) =>
    [name, name === "from" || name === "to" ? "Must be a date such as 2026-01-31" : text] as const
  );
  return { entries: list, actions, errors: Object.fromEntries(errors), now: cx.now };
}

/** The start of a day in the reader's time zone, `later` days on; anything that isn't a date is returned unchanged. */
function dayStart(cx: UserCx, day: string | undefined, later = 0): string | undefined {
  if (!day || !/^\d{4}-\d\d-\d\d$/.test(day)) return day;
  try {
    const date = Temporal.PlainDate.from(day).add({ days: later });
    return instantOf(`${date}T00:00`, cx.actor.timeZone) ?? day;
  } catch {
    return day;
  }
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Audit";
    const query = Object.fromEntries(ctx.url.searchParams);
    const data = await load(ctx, (cx) => read(cx, query), ADMINS);
    return page(data, { status: Object.keys(data.errors).length > 0 ? 422 : 200 });
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { entries: { items, nextCursor }, actions, errors, now } = data;
  return (
    <div class="page">
      <PageHeader
        title="Audit"
        crumbs={[{ label: "Administration", href: "/admin" }]}
        actions={<ButtonLink href="/admin/audit/verify" icon="shield">Verify</ButtonLink>}
      />
      <ErrorList form={{ errors }} />
      <AuditFilters search={url.searchParams} actions={actions} errors={errors} />
      {items.length > 0
        ? (
          <Card flush>
            <AuditList entries={items} reader={state.viewer!.actor} now={now} />
          </Card>
        )
        : (
          <EmptyState
            icon="shield"
            title="No matching entries"
            actions={<ButtonLink href="/admin/audit">Show all</ButtonLink>}
          >
            Remove a filter, or choose a longer period.
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
