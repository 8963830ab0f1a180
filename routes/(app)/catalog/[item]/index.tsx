import type { Context } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { answerName, type TypedAnswers } from "@/domain/catalog/answers.ts";
import { define, type State } from "@/define.ts";
import { unusedUploads } from "@/domain/attachments/read.ts";
import type { FormField } from "@/domain/catalog/fields.ts";
import { type CatalogItem, getCatalogItem } from "@/domain/catalog/read.ts";
import { RequestItem, requestItem } from "@/domain/catalog/request.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { RequestForm } from "@/islands/RequestForm.tsx";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { createdFlash } from "@/pages/created_flash.ts";
import { formPage } from "@/pages/form_page.ts";
import type { FormValues } from "@/pages/forms.ts";
import { idParam } from "@/pages/id_param.ts";

/** The item in the address. @throws DomainError not_found, for one that is archived too */
async function itemOf(cx: UserCx, ctx: Context<State>): Promise<CatalogItem> {
  const item = await getCatalogItem(cx, idParam(ctx, "item"));
  if (item.archived) throw new DomainError("not_found");
  return item;
}

/** Names of files that a refused form has already, by field. */
async function keptFiles(
  cx: UserCx,
  fields: FormField[],
  typed: TypedAnswers,
): Promise<Record<string, string[]>> {
  const files = fields.filter(({ key, type }) => type === "file" && typed[key] !== undefined);
  const found = await Promise.all(files.map(async ({ key }) => {
    const uploads = await unusedUploads(cx, [typed[key]].flat().join(","));
    return [key, uploads.map(({ name }) => name)] as const;
  }));
  return Object.fromEntries(found);
}

function answersIn(values: FormValues, fields: FormField[]): TypedAnswers {
  return Object.fromEntries(
    fields.map(({ key }) => [key, values[answerName(key)]]).filter(([, value]) => value !== undefined),
  );
}

export const handler = formPage({
  load: async (cx, ctx, form) => {
    const item = await itemOf(cx, ctx);
    const typed = answersIn(form.sent ?? {}, item.fields);
    return { item, typed, kept: await keptFiles(cx, item.fields, typed) };
  },
  title: ({ item }) => item.name,
  schema: RequestItem,
  files: {
    admit: async (cx, ctx) => {
      const { fields } = await itemOf(cx, ctx);
      return fields.filter(({ type }) => type === "file").map(({ key }) => answerName(key));
    },
  },
  prepare: async (values, cx, ctx) => ({ answers: answersIn(values, (await itemOf(cx, ctx)).fields) }),
  run: async (cx, { answers }, ctx) => {
    const ticket = await requestItem(cx, { itemId: idParam(ctx, "item"), answers, source: "web" });
    return await afterTicketChange(cx, ticket, {
      flash: createdFlash(cx, ticket.key),
    });
  },
});

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
      <ErrorList form={form} />
      <form class="form" method="post" encType="multipart/form-data">
        <HiddenFields form={form} once />
        <RequestForm fields={item.fields} values={typed} errors={errors} kept={kept} />
        <div class="form-actions">
          <Button variant="primary">Send request</Button>
          <ButtonLink href="/catalog" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </div>
  );
});
