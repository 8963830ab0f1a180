import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { listPolicies, type Policy } from "@/domain/sla/policies/read.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { PolicyFacts, PromiseTable } from "./(_components)/PolicyFacts.tsx";

export const handler = define.handlers<Page<Policy>>({
  async GET(ctx) {
    ctx.state.title = "SLA policies";
    const query = Object.fromEntries(ctx.url.searchParams);
    const archived = query.archived === "true";
    return page(
      await load(ctx, (cx) => listPolicies(cx, { ...parse(PageOf, query), archived }), MANAGERS),
    );
  },
});

export default define.page<typeof handler>(({ data: { items, nextCursor }, url }) => {
  const archived = url.searchParams.get("archived") === "true";
  return (
    <div class="page">
      <PageHeader
        title="SLA policies"
        actions={
          <>
            <ButtonLink href="/admin/calendars" icon="clock">Calendars</ButtonLink>
            <ButtonLink href="/admin/sla/new" icon="plus" variant="primary">New policy</ButtonLink>
          </>
        }
      />
      <Tabs
        label="Lists"
        tabs={[
          { href: "/admin/sla", label: "Active", current: !archived },
          { href: "/admin/sla?archived=true", label: "Including archived", current: archived },
        ]}
      />
      {items.length > 0
        ? (
          <div class="columns">
            {items.map((policy) => <PolicyCard key={policy.id} policy={policy} />)}
          </div>
        )
        : (
          <EmptyState
            icon="shield"
            title="No SLA policies yet"
            actions={<ButtonLink href="/admin/sla/new" icon="plus">Create policy</ButtonLink>}
          >
            A policy sets how soon tickets are answered and resolved, by priority. Without one, no SLA clock
            runs.
          </EmptyState>
        )}
      <Pager
        firstHref={url.searchParams.has("cursor") ? hrefOf(archived) : undefined}
        nextHref={nextCursor ? hrefOf(archived, nextCursor) : undefined}
        shown={items.length > 0 ? `${items.length} shown` : undefined}
      />
    </div>
  );
});

function hrefOf(archived: boolean, cursor?: string): string {
  const query = new URLSearchParams({
    ...(archived ? { archived: "true" } : {}),
    ...(cursor ? { cursor } : {}),
  });
  return `/admin/sla${query.size > 0 ? `?${query}` : ""}`;
}

function PolicyCard({ policy }: { policy: Policy }) {
  return (
    <section class="card policy">
      <div class="card-header">
        <h2>
          <a href={`/admin/sla/${policy.id}`}>{policy.name}</a>
        </h2>
        <span class="policy-marks">
          {policy.archived && <Badge tone="amber">Archived</Badge>}
          <Badge>Version {policy.version}</Badge>
        </span>
      </div>
      <PolicyFacts policy={policy} />
      <PromiseTable policy={policy} />
    </section>
  );
}
