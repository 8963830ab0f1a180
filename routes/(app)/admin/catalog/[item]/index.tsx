import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type DraftField, toDraft } from "@/domain/catalog/draft.ts";
import { type CatalogItem, getCatalogItem } from "@/domain/catalog/read.ts";
import { EditCatalogItem, editCatalogItem } from "@/domain/catalog/write.ts";
import { DomainError } from "@/domain/errors.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { id, version } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load } from "@/pages/load.ts";
import { takeEditor } from "@/routes/(app)/admin/catalog/(_data)/editing.ts";
import { ItemEditor } from "@/routes/(app)/admin/catalog/(_components)/ItemEditor.tsx";

interface Data {
  item: CatalogItem;
  draft: DraftField[];
  form: FormState;
  choices: TicketChoices;
}

function itemId(ctx: Context<State>): string {
  const parsed = id.safeParse(ctx.params.item);
  if (!parsed.success) throw new DomainError("not_found");
  return parsed.data;
}

async function loadEditor(
  ctx: Context<State>,
  edited?: Pick<Data, "draft" | "form">,
): Promise<Data> {
  const [item, choices] = await load(
    ctx,
    (cx) => Promise.all([getCatalogItem(cx, itemId(ctx)), ticketChoices(cx, { staff: true })]),
    MANAGERS,
  );
  ctx.state.title = item.name;
  return { item, choices, draft: edited?.draft ?? toDraft(item.fields), form: edited?.form ?? EMPTY_FORM };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await loadEditor(ctx)),
  async POST(ctx) {
    const result = await takeEditor(ctx, {
      schema: EditCatalogItem.extend({ version }),
      run: async (cx, input) => {
        const item = await editCatalogItem(cx, { ...input, id: itemId(ctx) });
        return { to: "/admin/catalog", flash: `Catalog item “${item.name}” saved` };
      },
    });
    if (result instanceof Response) return result;
    return page(await loadEditor(ctx, result), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { item, draft, form, choices } }) => {
  const saved = {
    name: item.name,
    description: item.description,
    section: item.section,
    icon: item.icon,
    queueId: item.queue?.id ?? "",
    categoryId: item.category?.id ?? "",
  };
  return (
    <div class="page">
      <PageHeader
        title={item.name}
        crumbs={[{ label: "Catalog", href: "/admin/catalog" }, { label: item.name }]}
        meta={item.archived && <Badge>Archived</Badge>}
        actions={!item.archived && (
          <ButtonLink href={`/catalog/${item.id}`} icon="ticket">View catalog</ButtonLink>
        )}
      />
      <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
      <ItemEditor
        values={{ ...saved, ...form.values, version: form.values.version ?? String(item.version) }}
        errors={form.errors}
        draft={draft}
        choices={choices}
        submit="Save"
      />
      <Card title={item.archived ? "Restore" : "Take it out of the catalog"}>
        <p>
          {item.archived
            ? "People can ask for it again."
            : "Nobody can request it any more. Existing requests stay as they are."}
        </p>
        <form method="post" action={`/admin/catalog/${item.id}/archive`}>
          <input type="hidden" name="version" value={item.version} />
          <input type="hidden" name="archived" value={item.archived ? "no" : "yes"} />
          <Button variant={item.archived ? "secondary" : "danger"}>
            {item.archived ? "Restore" : "Archive"}
          </Button>
        </form>
      </Card>
    </div>
  );
});
