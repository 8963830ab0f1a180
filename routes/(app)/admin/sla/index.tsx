import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { listPolicies, type Policy } from "@/domain/sla/policies/read.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { ArchivableList } from "@/routes/(app)/admin/(_components)/ArchivableList.tsx";
import { VersionedCard } from "@/routes/(app)/admin/(_components)/VersionedCard.tsx";
import { PolicyFacts } from "./(_components)/PolicyFacts.tsx";
import { PolicyTargets } from "./(_components)/TargetTable.tsx";

export const handler = define.handlers<Page<Policy>>({
  async GET(ctx) {
    ctx.state.title = "SLA policies";
    const query = parse(PageOf.extend(withArchived), Object.fromEntries(ctx.url.searchParams));
    return page(await load(ctx, (cx) => listPolicies(cx, query), MANAGERS));
  },
});

export default define.page<typeof handler>(({ data, url }) => (
  <ArchivableList
    title="SLA policies"
    url={url}
    list={data}
    create="New policy"
    actions={<ButtonLink href="/admin/calendars" icon="clock">Calendars</ButtonLink>}
    empty={{
      icon: "shield",
      title: "No SLA policies yet",
      text:
        "A policy sets how soon tickets are answered and resolved, by priority. Without one, no SLA clock runs.",
    }}
  >
    {(items) => (
      <div class="columns">
        {items.map((policy) => (
          <VersionedCard key={policy.id} {...policy} href={`/admin/sla/${policy.id}`}>
            <PolicyFacts policy={policy} />
            <PolicyTargets policy={policy} />
          </VersionedCard>
        ))}
      </div>
    )}
  </ArchivableList>
));
