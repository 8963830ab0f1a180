import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { getMacro, type Macro } from "@/domain/replies/macros/read.ts";
import { EditMacro, editMacro } from "@/domain/replies/macros/write.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";
import { macroInput } from "./(_data)/macro_form.ts";
import { MacroForm } from "./(_components)/MacroForm.tsx";

interface Data {
  macro: Macro;
  choices: TicketChoices;
  form: FormState;
}

async function macroData(ctx: Context<State>, form: FormState): Promise<Data> {
  const data = await load(ctx, async (cx) => {
    const [macro, choices] = await Promise.all([
      getMacro(cx, idIn(ctx.params.macro)),
      ticketChoices(cx, { staff: true }),
    ]);
    return { macro, choices };
  }, MANAGERS);
  ctx.state.title = data.macro.name;
  return { ...data, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await macroData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: EditMacro,
      roles: MANAGERS,
      prepare: macroInput,
      run: async (cx, { version = 0, ...edit }) => {
        const macro = await editMacro(cx, { ...edit, version, id: idIn(ctx.params.macro) });
        const flash = edit.archived === undefined
          ? "Saved"
          : macro.archived
          ? `Macro “${macro.name}” archived`
          : `Macro “${macro.name}” restored`;
        return { to: "/admin/macros", flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await macroData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { macro, choices, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={macro.name}
      crumbs={[{ label: "Macros", href: "/admin/macros" }, { label: "Edit" }]}
      meta={macro.archived && <Badge tone="amber">Archived</Badge>}
    />
    {form.refusal?.code === "stale_version" && (
      <Banner kind="warning">
        Somebody changed this macro meanwhile. Your version is below: saving it replaces theirs.{" "}
        <ButtonLink href={`/admin/macros/${macro.id}`} size="sm">Show theirs</ButtonLink>
      </Banner>
    )}
    {macro.archived
      ? (
        <Card title="What it did">
          <FormErrors errors={Object.values(form.errors).map((message) => ({ field: "", message }))} />
          <ul class="steps">{macro.steps.map((step) => <li key={step}>{step}</li>)}</ul>
        </Card>
      )
      : <MacroForm macro={macro} choices={choices} form={form} />}
    <Card title={macro.archived ? "Archived" : "No longer needed?"}>
      <form class="form" id="archive" method="post">
        <p class="muted">
          {macro.archived
            ? "It isn't offered on tickets. Restore it to edit it."
            : "Archived macros are no longer offered. Changes they made stay."}
        </p>
        <input type="hidden" name="version" value={macro.version} />
        <input type="hidden" name="archived" value={String(!macro.archived)} />
        <div class="form-actions">
          <Button>{macro.archived ? "Restore" : "Archive"}</Button>
        </div>
      </form>
    </Card>
  </div>
));
