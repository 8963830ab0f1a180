import { page } from "fresh";
import { z } from "zod";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import {
  type BulkResult,
  ChangeTickets,
  changeTickets,
  MOST_AT_ONCE,
} from "@/domain/tickets/actions/bulk.ts";
import { EMPTY_FORM, type FormValues } from "@/pages/forms.ts";
import { submit } from "@/pages/load.ts";
import { type BulkData, bulkData } from "./(_data)/data.ts";
import { ResultTable } from "./(_components)/ResultTable.tsx";
import { StepFields } from "./(_components)/StepFields.tsx";

const STEPS = ["preview", "apply"] as const;
/** The form says besides the change which button was pressed, and where the tickets came from. */
const BulkForm = z.object({
  bulk: ChangeTickets,
  step: z.enum(STEPS).default("preview"),
  query: z.string().max(4000).default(""),
});

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
  async POST(ctx) {
    let result: BulkResult | null = null;
    let values: FormValues = {};
    const answer = await submit(ctx, {
      schema: BulkForm,
      roles: STAFF,
      prepare(sent) {
        values = sent;
        return inputOf(sent) as unknown as FormValues;
      },
      run: async (cx, { bulk, step, query }) => {
        result = await changeTickets(cx, { ...bulk, dryRun: step === "preview" });
        return { to: listOf(query), flash: flashOf(result) };
      },
    });
    // A repeat of a form that was done before has no result of its own: it leads where the first one led.
    const shown = result as BulkResult | null;
    const refused = shown?.items.some(({ outcome }) => outcome === "refused") ?? false;
    if (answer instanceof Response) {
      const isDone = shown !== null ? !shown.dryRun && !refused : values.step === "apply";
      if (isDone || answer.status >= 400) return answer;
    }
    const chosen = { ids: list(values.id), query: String(values.query ?? ""), all: false };
    const form = answer instanceof Response
      ? { values: flat(values), errors: {} }
      : { ...answer.form, values: flat(values) };
    const status = answer instanceof Response ? 200 : answer.status;
    return page(await bulkData(ctx, chosen, { form, result: shown }), { status });
  },
});

function inputOf({ step, query, id, idempotencyKey: _, ...change }: FormValues) {
  const ids = list(id);
  const versions: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(change)) {
    if (name.startsWith("version:")) versions[name.slice("version:".length)] = value;
  }
  return { step, query, bulk: { ids, versions, change } };
}

function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function flat(values: FormValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, list(value)[0] ?? ""]));
}

function listOf(query: string): string {
  return query === "" ? "/tickets" : `/tickets?${new URLSearchParams(query)}`;
}

function flashOf({ items }: BulkResult): string {
  const changed = items.filter(({ outcome }) => outcome === "changed").length;
  return `${changed} ${changed === 1 ? "ticket is" : "tickets are"} changed`;
}

export default define.page<typeof handler>(({ data }) => {
  const { tickets, result, query, form } = data;
  const back = listOf(query);
  const errors = Object.entries(form.errors).map(([path, message]) => ({
    field: path.replace(/^bulk\.(change(\.|$))?/, ""),
    message,
  }));
  if (tickets.length === 0) {
    return (
      <div class="page page-narrow">
        <EmptyState
          icon="ticket"
          title="No tickets selected"
          actions={<ButtonLink href={back}>Back to the list</ButtonLink>}
        >
          Select the tickets that you want to change in the list.
        </EmptyState>
      </div>
    );
  }
  const title = tickets.length === 1 ? "Change 1 ticket" : `Change ${tickets.length} tickets`;
  const shownForm = {
    ...form,
    errors: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
  };
  return (
    <div class="page page-narrow">
      <PageHeader title={title} crumbs={[{ label: "Tickets", href: back }, { label: "Change" }]} />
      {data.more && (
        <Banner kind="info">
          {`The list holds more: the first ${MOST_AT_ONCE} are changed, then come back for the rest.`}
        </Banner>
      )}
      <FormErrors errors={errors} />
      {result && <Summary result={result} />}
      {result && <ResultTable result={result} />}
      <form class="form" method="post" action="/tickets/bulk">
        <input type="hidden" name="query" value={query} />
        <input type="hidden" name="idempotencyKey" value={crypto.randomUUID()} />
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
                <StepFields choices={data.choices} form={shownForm} />
              </div>
            </details>
          )
          : <StepFields choices={data.choices} form={shownForm} />}
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

function Summary({ result }: { result: BulkResult }) {
  const count = (outcome: string) => result.items.filter((row) => row.outcome === outcome).length;
  const [changed, refused] = [count("changed"), count("refused")];
  if (!result.dryRun) {
    return (
      <Banner kind="warning">{`${changed} changed, ${refused} could not be: the reasons are below.`}</Banner>
    );
  }
  return (
    <Banner kind={refused > 0 ? "warning" : "info"}>
      {`Nothing is changed yet. ${changed} would change${refused > 0 ? `, ${refused} can't` : ""}.`}
    </Banner>
  );
}
