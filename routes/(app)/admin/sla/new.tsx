import { page } from "fresh";
import { Banner } from "@/components/Banner.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { createPolicy } from "@/domain/sla/policies/write.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { type PolicyChoices, policyChoices } from "./(_data)/data.ts";
import { PolicyFields, policyInput } from "./(_data)/policy_form.ts";
import { PolicyForm } from "./(_components)/PolicyForm.tsx";

interface Data {
  choices: PolicyChoices;
  form: FormState;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "New SLA policy";
    return page({ choices: await load(ctx, policyChoices, MANAGERS), form: EMPTY_FORM });
  },
  async POST(ctx) {
    ctx.state.title = "New SLA policy";
    const result = await submit(ctx, {
      schema: PolicyFields,
      roles: MANAGERS,
      prepare: policyInput,
      run: async (cx, input) => {
        const policy = await createPolicy(cx, input);
        return { to: "/admin/sla", flash: `Policy “${policy.name}” now applies to new tickets` };
      },
    });
    if (result instanceof Response) return result;
    const choices = await load(ctx, policyChoices, MANAGERS);
    return page({ choices, form: result.form }, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { choices, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title="New SLA policy"
      crumbs={[{ label: "SLA policies", href: "/admin/sla" }, { label: "New" }]}
    />
    {choices.calendars.length === 0 && (
      <Banner kind="warning">
        A policy needs a calendar, and there are none: <a href="/admin/calendars/new">create one first</a>.
      </Banner>
    )}
    <PolicyForm choices={choices} form={form} />
  </div>
));
