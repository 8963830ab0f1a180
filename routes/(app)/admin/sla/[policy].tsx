import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { getPolicy } from "@/domain/sla/policies/read.ts";
import { editPolicy } from "@/domain/sla/policies/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { nested } from "@/pages/nested.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { VersionBadges } from "@/routes/(app)/admin/(_components)/VersionedCard.tsx";
import { versionFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";
import { policyChoices } from "./(_data)/policy_choices.ts";
import { PolicyChange } from "./(_data)/policy_form.ts";
import { PolicyFacts } from "./(_components)/PolicyFacts.tsx";
import { PolicyForm } from "./(_components)/PolicyForm.tsx";
import { PolicyTargets } from "./(_components)/TargetTable.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: async (cx, ctx) => {
    const [policy, choices] = await Promise.all([getPolicy(cx, idParam(ctx, "policy")), policyChoices(cx)]);
    return { policy, choices };
  },
  title: ({ policy }) => policy.name,
  schema: PolicyChange,
  prepare: (values) => nested(values, "targets"),
  run: async (cx, input, ctx) => {
    const policy = await editPolicy(cx, { ...input, id: idParam(ctx, "policy") });
    return { to: "/admin/sla", flash: versionFlash("Policy", policy, input) };
  },
});

export default define.page<typeof handler>(({ data: { policy, choices, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={policy.name}
      crumbs={[{ label: "SLA policies", href: "/admin/sla" }, { label: "Edit" }]}
      meta={<VersionBadges {...policy} />}
    />
    <StaleNotice form={form} href={`/admin/sla/${policy.id}`} />
    {policy.archived
      ? (
        <section class="card policy">
          <ErrorList form={form} unlinked />
          <PolicyFacts policy={policy} />
          <PolicyTargets policy={policy} />
        </section>
      )
      : <PolicyForm policy={policy} choices={choices} form={form} />}
    <ArchiveCard archived={policy.archived} version={policy.version}>
      {policy.archived
        ? "It doesn't apply to new tickets. Restore it to edit it."
        : "An archived policy doesn't apply to new tickets. Tickets that already use it keep it."}
    </ArchiveCard>
  </div>
));
