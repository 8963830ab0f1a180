import { page } from "fresh";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MOST_AT_ONCE } from "@/domain/tickets/actions/bulk.ts";
import { EMPTY_FORM } from "@/pages/forms.ts";
import { NothingToChange } from "./(_components)/NothingToChange.tsx";
import { Result } from "./(_components)/Result.tsx";
import { StepFields } from "./(_components)/StepFields.tsx";
import { type BulkData, bulkData, listHref } from "./(_data)/bulk_data.ts";
import { takeBulkForm } from "./(_data)/bulk_form.ts";

export const handler = define.handlers<BulkData>({
  async GET(ctx) {
    const { searchParams } = ctx.url;
    const chosen = {
      ids: searchParams.getAll("id"),
      query: searchParams.get("query") ?? "",
      all: searchParams.get("all") === "yes",
    };
    return page(await bulkData(ctx, chosen, { form: EMPTY_FORM, result: null }));
  },
  POST: takeBulkForm,
});

export default define.page<typeof handler>(({ data }) => {
  const { tickets, result, query, form } = data;
  const back = listHref(query);
  if (tickets.length === 0) return <NothingToChange data={data} back={back} />;
  const title = tickets.length === 1 ? "Change 1 ticket" : `Change ${tickets.length} tickets`;
  return (
    <div class="page page-narrow">
      <PageHeader title={title} crumbs={[{ label: "Tickets", href: back }, { label: "Change" }]} />
      {data.more && (
        <Banner kind="info">
          {`Only the first ${MOST_AT_ONCE} tickets of the list can be changed at once. Come back for the rest.`}
        </Banner>
      )}
      <ErrorList form={form} />
      {result && <Result result={result} visible={tickets} />}
      <form class="form" method="post" action="/tickets/bulk">
        <input type="hidden" name="query" value={query} />
        <HiddenFields once />
        {tickets.map((ticket) => (
          <span key={ticket.id} hidden>
            <input type="hidden" name="id" value={ticket.id} />
            <input type="hidden" name={`version:${ticket.id}`} value={ticket.version} />
          </span>
        ))}
        {result?.dryRun
          ? (
            <details>
              <summary>Edit the change</summary>
              <div class="form">
                <StepFields choices={data.choices} form={form} />
              </div>
            </details>
          )
          : <StepFields choices={data.choices} form={form} />}
        <div class="form-actions">
          {result?.dryRun
            ? (
              <>
                <Button variant="primary" name="step" value="apply">Apply</Button>
                <Button name="step" value="preview">Preview again</Button>
              </>
            )
            : <Button variant="primary" name="step" value="preview">Preview</Button>}
          <ButtonLink href={back} variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
      {!result && (
        <ul class="plain">
          {tickets.map((ticket) => (
            <li key={ticket.id}>
              <span class="ticket-key">{ticket.key}</span> {ticket.title}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
});
