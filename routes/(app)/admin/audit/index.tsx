import { type Context, page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { define, type State } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { auditActions, type AuditEntry, ListAudit, listAudit } from "@/domain/audit/list.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { instantOf } from "@/domain/shared/moment.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { AuditFilters } from "./(_components)/AuditFilters.tsx";
import { AuditList } from "./(_components)/AuditList.tsx";

interface Data {
  entries: AuditEntry[];
  nextCursor: string | null;
  actions: string[];
  /** Invalid filters, by field; the list is empty then. */
  wrong: Record<string, string>;
  now: string;
}

const NOTHING = { items: [], nextCursor: null };

async function auditData(ctx: Context<State>): Promise<Data> {
  ctx.state.title = "Audit";
  const query = Object.fromEntries(ctx.url.searchParams);
  return await load(ctx, async (cx) => {
    const [list, actions] = await Promise.all([listed(cx, query), auditActions(cx)]);
    const { page: { items, nextCursor }, wrong } = list;
    return { entries: items, nextCursor, actions, wrong, now: cx.now };
  }, ADMINS);
}

async function listed(cx: UserCx, query: Record<string, string>) {
  try {
    const { from, to, ...rest } = query;
    const days = { from: dayStart(cx, from), to: dayStart(cx, to, 1) };
    return { page: await listAudit(cx, parse(ListAudit, { ...rest, ...days })), wrong: {} };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
    const wrong = (error.facts.errors ?? []).map((
      { path, message },
    ) => [path, path === "from" || path === "to" ? "Must be a date such as 2026-01-31" : message]);
    return { page: NOTHING, wrong: Object.fromEntries(wrong) as Record<string, string> };
  }
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
    const data = await auditData(ctx);
    return page(data, { status: Object.keys(data.wrong).length > 0 ? 422 : 200 });
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { entries, nextCursor, actions, wrong, now } = data;
  return (
    <div class="page">
      <PageHeader
        title="Audit"
        crumbs={[{ label: "Administration", href: "/admin" }]}
        actions={<ButtonLink href="/admin/audit/verify" icon="shield">Verify</ButtonLink>}
      />
      <FormErrors errors={Object.entries(wrong).map(([field, message]) => ({ field, message }))} />
      <AuditFilters search={url.searchParams} actions={actions} errors={wrong} />
      {entries.length > 0
        ? (
          <Card flush>
            <AuditList entries={entries} reader={state.viewer!.actor} now={now} />
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
        firstHref={url.searchParams.has("cursor") ? pageHref(url, null) : undefined}
        nextHref={nextCursor ? pageHref(url, nextCursor) : undefined}
        shown={entries.length > 0 ? `${entries.length} shown` : undefined}
      />
    </div>
  );
});

function pageHref(url: URL, cursor: string | null): string {
  const next = new URLSearchParams(
    [...url.searchParams].filter(([name, value]) => name !== "cursor" && value),
  );
  if (cursor) next.set("cursor", cursor);
  return next.size > 0 ? `/admin/audit?${next}` : "/admin/audit";
}
