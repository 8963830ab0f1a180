import { type Context, page, type PageResponse } from "fresh";
import { z } from "zod";
import type { State } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { type BulkResult, ChangeTickets, changeTickets } from "@/domain/tickets/actions/bulk.ts";
import type { FormState, FormValues } from "@/pages/forms.ts";
import { submit } from "@/pages/load.ts";
import { type BulkData, bulkData, listHref } from "./bulk_data.ts";

/** Besides the change: which button was pressed, and the list that the tickets were chosen from. */
const BulkForm = z.object({
  bulk: ChangeTickets,
  step: z.enum(["preview", "apply"]).default("preview"),
  query: z.string().max(4000).default(""),
});

/** Takes the form. A change that was only previewed, or refused for some tickets, is shown; else the list comes next. */
export async function takeBulkForm(ctx: Context<State>): Promise<Response | PageResponse<BulkData>> {
  let result = null as BulkResult | null;
  let sent: FormValues = {};
  const answer = await submit(ctx, {
    schema: BulkForm,
    roles: STAFF,
    prepare(values) {
      sent = values;
      return inputOf(values);
    },
    run: async (cx, { bulk, step, query }) => {
      result = await changeTickets(cx, { ...bulk, dryRun: step === "preview" });
      return { to: listHref(query), flash: flashOf(result) };
    },
  });
  if (answer instanceof Response && (answer.status >= 400 || isDone(result, sent))) return answer;
  const chosen = { ids: list(sent.id), query: String(sent.query ?? ""), all: false };
  const values = Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, list(value)[0] ?? ""]),
  );
  const form = answer instanceof Response
    ? { values, errors: {} }
    : { ...answer.form, values, errors: byField(answer.form) };
  return page(await bulkData(ctx, chosen, { form, result }), {
    status: answer instanceof Response ? 200 : answer.status,
  });
}

/** Whether everything was changed. A form that is sent again has no result: it leads where it led the first time. */
function isDone(result: BulkResult | null, { step }: FormValues): boolean {
  if (result === null) return step === "apply";
  return !result.dryRun && result.items.every(({ outcome }) => outcome !== "refused");
}

function inputOf({ step, query, id, idempotencyKey: _, ...change }: FormValues): Record<string, unknown> {
  const versions: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(change)) {
    if (name.startsWith("version:")) versions[name.slice("version:".length)] = value;
  }
  return { step, query, bulk: { ids: list(id), versions, change } };
}

/** Errors by the form's own fields: what is wrong with the change as a whole is under "". */
function byField({ errors }: FormState): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([path, message]) => [path.replace(/^bulk\.(change(\.|$))?/, ""), message]),
  );
}

function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat();
}

function flashOf({ items }: BulkResult): string {
  const changed = items.filter(({ outcome }) => outcome === "changed").length;
  return `${changed} ${changed === 1 ? "ticket" : "tickets"} changed`;
}
