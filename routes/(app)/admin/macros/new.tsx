import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { CreateMacro, createMacro } from "@/domain/replies/macros/write.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { formPage } from "@/pages/form_page.ts";
import { nested } from "@/pages/nested.ts";
import { MacroForm } from "./(_components)/MacroForm.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: async (cx) => ({ choices: await ticketChoices(cx, { staff: true }) }),
  title: "New macro",
  schema: CreateMacro,
  prepare: (values) => nested(values, "actions"),
  run: async (cx, input) => {
    const { name } = await createMacro(cx, input);
    return { to: "/admin/macros", flash: `“${name}” is ready to use` };
  },
});

export default define.page<typeof handler>(({ data: { choices, form } }) => (
  <div class="page page-narrow">
    <PageHeader title="New macro" crumbs={[{ label: "Macros", href: "/admin/macros" }, { label: "New" }]} />
    <MacroForm choices={choices} form={form} />
  </div>
));
