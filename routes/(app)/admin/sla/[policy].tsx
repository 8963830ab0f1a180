import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { getPolicy, type Policy } from "@/domain/sla/policies/read.ts";
import { editPolicy } from "@/domain/sla/policies/write.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";
import { type PolicyChoices, policyChoices } from "./(_data)/data.ts";
import { PolicyChange, policyInput } from "./(_data)/policy_form.ts";
import { PolicyFacts, PromiseTable } from "./(_components)/PolicyFacts.tsx";
import { PolicyForm } from "./(_components)/PolicyForm.tsx";

interface Data {
  policy: Policy;
  choices: PolicyChoices;
  form: FormState;
}

async function policyData(ctx: Context<State>, form: FormState): Promise<Data> {
  const [policy, choices] = await load(
    ctx,
    (cx) => Promise.all([getPolicy(cx, idIn(ctx.params.policy)), policyChoices(cx)]),
    MANAGERS,
  );
  ctx.state.title = policy.name;
  return { policy, choices, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await policyData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: PolicyChange,
      roles: MANAGERS,
      prepare: policyInput,
      run: async (cx, input) => {
        const policy = await editPolicy(cx, { ...input, id: idIn(ctx.params.policy) });
        const flash = input.archived === undefined
          ? `Version ${policy.version} of “${policy.name}” now applies to new tickets${
            input.applyToOpen ? "; open tickets switch within a minute" : ""
          }`
          : policy.archived
          ? `Policy “${policy.name}” archived. It no longer applies to new tickets`
          : `Policy “${policy.name}” restored`;
        return { to: "/admin/sla", flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await policyData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { policy, choices, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={policy.name}
      crumbs={[{ label: "SLA policies", href: "/admin/sla" }, { label: "Edit" }]}
      meta={
        <>
          {policy.archived && <Badge tone="amber">Archived</Badge>}
          <Badge>Version {policy.version}</Badge>
        </>
      }
    />
    {form.refusal?.code === "stale_version" && (
      <Banner kind="warning">
        Somebody changed this policy meanwhile. What you typed is below: saving it replaces theirs.{" "}
        <ButtonLink href={`/admin/sla/${policy.id}`} size="sm">Show theirs</ButtonLink>
      </Banner>
    )}
    {policy.archived
      ? (
        <section class="card policy">
          <FormErrors errors={Object.values(form.errors).map((message) => ({ field: "", message }))} />
          <PolicyFacts policy={policy} />
          <PromiseTable policy={policy} />
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
