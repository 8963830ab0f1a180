import { page } from "fresh";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { CreateMacro, createMacro } from "@/domain/replies/macros/write.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { macroInput } from "./(_data)/macro_form.ts";
import { MacroForm } from "./(_components)/MacroForm.tsx";

interface Data {
  choices: TicketChoices;
  form: FormState;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "New macro";
    return page({
      choices: await load(ctx, (cx) => ticketChoices(cx, { staff: true }), MANAGERS),
      form: EMPTY_FORM,
    });
  },
  async POST(ctx) {
    ctx.state.title = "New macro";
    const result = await submit(ctx, {
      schema: CreateMacro,
      roles: MANAGERS,
      prepare: macroInput,
      run: async (cx, input) => {
        const macro = await createMacro(cx, input);
        return { to: "/admin/macros", flash: `“${macro.name}” is ready to use` };
      },
    });
    if (result instanceof Response) return result;
    const choices = await load(ctx, (cx) => ticketChoices(cx, { staff: true }), MANAGERS);
    return page({ choices, form: result.form }, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { choices, form } }) => (
  <div class="page page-narrow">
    <PageHeader title="New macro" crumbs={[{ label: "Macros", href: "/admin/macros" }, { label: "New" }]} />
    <MacroForm choices={choices} form={form} />
  </div>
));
