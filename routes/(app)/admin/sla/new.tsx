import { Banner } from "@/components/Banner.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { createPolicy } from "@/domain/sla/policies/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { nested } from "@/pages/nested.ts";
import { policyChoices } from "./(_data)/policy_choices.ts";
import { PolicyFields } from "./(_data)/policy_form.ts";
import { PolicyForm } from "./(_components)/PolicyForm.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: async (cx) => ({ choices: await policyChoices(cx) }),
  title: "New SLA policy",
  schema: PolicyFields,
  prepare: (values) => nested(values, "targets"),
  run: async (cx, input) => {
    const { name } = await createPolicy(cx, input);
    return { to: "/admin/sla", flash: `Policy “${name}” now applies to new tickets` };
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
