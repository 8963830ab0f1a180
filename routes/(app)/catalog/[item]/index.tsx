import { type Context, page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { answerName, type Typed } from "@/components/RequestFields.tsx";
import { define, type State } from "@/define.ts";
import { unusedUploads } from "@/domain/attachments/read.ts";
import type { FormField } from "@/domain/catalog/fields.ts";
import { type CatalogItem, getCatalogItem } from "@/domain/catalog/read.ts";
import { RequestItem, requestItem } from "@/domain/catalog/request.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { id } from "@/domain/validation.ts";
import { RequestForm } from "@/islands/RequestForm.tsx";
import { EMPTY_FORM, type FormState, type FormValues } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";

interface Data {
  item: CatalogItem;
  form: FormState;
  typed: Typed;
  /** Names of files that a refused form has already, by field. */
  kept: Record<string, string[]>;
}

/** The item in the address. What is no id, and what nobody can ask for any more, is not found. */
async function itemOf(cx: UserCx, ctx: Context<State>): Promise<CatalogItem> {
  const parsed = id.safeParse(ctx.params.item);
  if (!parsed.success) throw new DomainError("not_found");
  const item = await getCatalogItem(cx, parsed.data);
  if (item.archived) throw new DomainError("not_found");
  return item;
}

async function itemData(ctx: Context<State>, form: FormState, typed: Typed): Promise<Data> {
  const data = await load(ctx, async (cx) => {
    const item = await itemOf(cx, ctx);
    return { item, kept: await keptFiles(cx, item.fields, typed) };
  });
  ctx.state.title = data.item.name;
  return { ...data, form, typed };
}

async function keptFiles(cx: UserCx, fields: FormField[], typed: Typed): Promise<Record<string, string[]>> {
  const files = fields.filter(({ key, type }) => type === "file" && typed[key] !== undefined);
  const found = await Promise.all(files.map(async ({ key }) => {
    const uploads = await unusedUploads(cx, [typed[key]].flat().join(","));
    return [key, uploads.map(({ name }) => name)] as const;
  }));
  return Object.fromEntries(found);
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await itemData(ctx, EMPTY_FORM, {})),
  async POST(ctx) {
    const item = await load(ctx, (cx) => itemOf(cx, ctx));
    let typed: Typed = {};
    const result = await submit(ctx, {
      schema: RequestItem,
      files: {
        admit: () => Promise.resolve(),
        fields: item.fields.filter(({ type }) => type === "file").map(({ key }) => answerName(key)),
      },
      prepare(values) {
        typed = answersIn(values, item.fields);
        return { answers: typed } as unknown as FormValues;
      },
      run: async (cx, { answers }) => {
        const ticket = await requestItem(cx, { itemId: item.id, answers, source: "web" });
        return {
          to: `/tickets/${ticket.key}`,
          flash: `${ticket.key} is submitted. We will keep you posted.`,
        };
      },
    });
    if (result instanceof Response) return result;
    return page(await itemData(ctx, result.form, typed), { status: result.status });
  },
});

function answersIn(values: FormValues, fields: FormField[]): Typed {
  return Object.fromEntries(
    fields.map(({ key }) => [key, values[answerName(key)]]).filter(([, value]) => value !== undefined),
  );
}

export default define.page<typeof handler>(({ data: { item, form, typed, kept } }) => {
  const prefix = answerName("");
  const errors = Object.fromEntries(
    Object.entries(form.errors).filter(([path]) => path.startsWith(prefix))
      .map(([path, message]) => [path.slice(prefix.length), message]),
  );
  return (
    <div class="page page-narrow">
      <PageHeader title={item.name} crumbs={[{ label: "Catalog", href: "/catalog" }, { label: item.name }]} />
      {item.description !== "" && (
        // deno-lint-ignore react-no-danger
        <div class="prose" dangerouslySetInnerHTML={{ __html: renderMarkdown(item.description) }} />
      )}
      <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
      <form class="form" method="post" encType="multipart/form-data">
        <input
          type="hidden"
          name="idempotencyKey"
          value={form.values.idempotencyKey ?? crypto.randomUUID()}
        />
        <RequestForm fields={item.fields} values={typed} errors={errors} kept={kept} />
        <div class="form-actions">
          <Button variant="primary">Send request</Button>
          <ButtonLink href="/catalog" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </div>
  );
});
