import { Badge } from "@/components/Badge.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { getMacro } from "@/domain/replies/macros/read.ts";
import { EditMacro, editMacro } from "@/domain/replies/macros/write.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { nested } from "@/pages/nested.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { editFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";
import { MacroForm } from "./(_components)/MacroForm.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: async (cx, ctx) => {
    const [macro, choices] = await Promise.all([
      getMacro(cx, idParam(ctx, "macro")),
      ticketChoices(cx, { staff: true }),
    ]);
    return { macro, choices };
  },
  title: ({ macro }) => macro.name,
  schema: EditMacro.extend({ version }),
  prepare: (values) => nested(values, "actions"),
  run: async (cx, input, ctx) => {
    const { name } = await editMacro(cx, { ...input, id: idParam(ctx, "macro") });
    return { to: "/admin/macros", flash: editFlash(`Macro “${name}”`, input.archived) };
  },
});

export default define.page<typeof handler>(({ data: { macro, choices, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={macro.name}
      crumbs={[{ label: "Macros", href: "/admin/macros" }, { label: "Edit" }]}
      meta={macro.archived && <Badge tone="amber">Archived</Badge>}
    />
    <StaleNotice form={form} href={`/admin/macros/${macro.id}`} />
    {macro.archived
      ? (
        <Card title="What it did">
          <ErrorList form={form} unlinked />
          <ul class="steps">{macro.steps.map((step) => <li key={step}>{step}</li>)}</ul>
        </Card>
      )
      : <MacroForm macro={macro} choices={choices} form={form} />}
    <ArchiveCard archived={macro.archived} version={macro.version}>
      {macro.archived
        ? "It isn't offered on tickets. Restore it to edit it."
        : "Archived macros are no longer offered. Changes they made stay."}
    </ArchiveCard>
  </div>
));
