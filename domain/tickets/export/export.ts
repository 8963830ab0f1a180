import { z } from "zod";
import { actAsUser, type Claim, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { type Cell, CSV_START, CSV_TYPE, csvRecords } from "@/domain/shared/csv.ts";
import { TimeZone } from "@/domain/shared/account_fields.ts";
import { fewAtOnce } from "@/domain/shared/few_at_once.ts";
import { type Download, textStream } from "@/domain/shared/text_stream.ts";
import { zonedTimes } from "@/domain/shared/zoned_time.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { type Filter, ListTickets, type Sort } from "@/domain/tickets/model/filter.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { line, optional } from "@/domain/validation.ts";
import { applyView } from "@/domain/views/filter.ts";
import { requireView } from "@/domain/views/read.ts";
import { chooseColumns, TICKET_COLUMNS, type TicketColumn, type TicketColumnName } from "./columns.ts";
import { BATCH, readBatch, selectTickets } from "./selection.ts";

/** However many download, most connections to the database stay with those who work. */
const inTurn = fewAtOnce(4);

/** Read before the others are looked for, so that their reader has something at once. */
const FIRST = 100;

/** The filters, view and order of a list; `columns` are names with commas between them. */
export const ExportTickets = ListTickets.omit({ limit: true, cursor: true }).extend({
  format: z.enum(["csv", "json"]).default("csv"),
  columns: z.preprocess(
    (value) =>
      [value ?? []].flat().flatMap((names) => String(names).split(",")).filter((name) => name !== ""),
    z.array(line(1, 60)).max(100, "Must be at most 100 columns"),
  ).optional().describe(`With commas between them: ${Object.keys(TICKET_COLUMNS).join(", ")}`),
  /** In which a CSV writes times; default: the reader's own. */
  timeZone: optional(TimeZone),
});

/** What {@link startExport} found, to be read without holding a transaction. */
export interface TicketExport {
  list: { filter: Filter; sort: Sort };
  first: TicketItem[];
  /** Whether there are more than the first. */
  more: boolean;
  format: "csv" | "json";
  columns: TicketColumnName[];
  timeZone: string;
  fileName: string;
}

/** @throws DomainError invalid for an unknown column, or a view that the actor may not use */
export async function startExport(
  cx: UserCx,
  { format, columns: asked = [], timeZone = cx.actor.timeZone, ...input }: z.output<typeof ExportTickets>,
): Promise<TicketExport> {
  const columns = chooseColumns(cx.actor.role, asked);
  const view = input.view ? await requireView(cx, input.view) : null;
  const list = applyView({ ...input, limit: FIRST }, view);
  const { items: first, nextCursor } = await listTickets(cx, {
    ...list.filter,
    sort: list.sort,
    limit: FIRST,
  });
  const day = Temporal.Instant.from(cx.now).toZonedDateTimeISO(timeZone).toPlainDate();
  const fileName = `servicehub-tickets-${day}.${format}`;
  return { list, first, more: nextCursor !== null, format, columns, timeZone, fileName };
}

/**
 * The file. Each batch is a transaction of its own that asks again who the reader is and what they may see, so a download
 * breaks off when they are signed out, and has nothing of what they lost sight of.
 */
export function downloadTickets(request: RequestInfo, claim: Claim, chosen: TicketExport): Download {
  const parts = chosen.format === "csv" ? csvParts : jsonParts;
  return {
    contentType: chosen.format === "csv" ? CSV_TYPE : "application/json",
    fileName: chosen.fileName,
    body: () => textStream(parts(batches(request, claim, chosen), chosen), request),
  };
}

async function* batches(
  request: RequestInfo,
  claim: Claim,
  { list, first, more }: TicketExport,
): AsyncGenerator<TicketItem[]> {
  yield first;
  if (!more) return;
  const read = <T>(fn: (cx: UserCx) => Promise<T>) => inTurn(() => actAsUser(request, claim, fn));
  const selection = await read((cx) => selectTickets(cx, list));
  const sent = new Set(first.map(({ number }) => number));
  const numbers = selection.numbers.filter((number) => !sent.has(number));
  for (let from = 0; from < numbers.length; from += BATCH) {
    const batch = numbers.slice(from, from + BATCH);
    yield await read((cx) => readBatch(cx, selection, batch));
  }
}

async function* csvParts(
  batches: AsyncGenerator<TicketItem[]>,
  { columns, timeZone }: TicketExport,
): AsyncGenerator<string> {
  const chosen = columns.map((name): TicketColumn => TICKET_COLUMNS[name]);
  const zoned = zonedTimes(timeZone);
  const cell = ({ value, isTime, words }: TicketColumn, ticket: TicketItem): Cell => {
    const found = value(ticket);
    if (typeof found === "boolean") return found ? "Yes" : "No";
    if (typeof found === "object") return found === null ? null : found.join(", ");
    if (typeof found === "number") return found;
    return isTime ? zoned(found) : words?.[found] ?? found;
  };
  const heads = chosen.map(({ label, isTime }) => isTime ? `${label} (${timeZone})` : label);
  yield CSV_START + csvRecords([heads]);
  for await (const tickets of batches) {
    if (tickets.length === 0) continue;
    yield csvRecords(tickets.map((ticket) => chosen.map((column) => cell(column, ticket))));
  }
}

async function* jsonParts(
  batches: AsyncGenerator<TicketItem[]>,
  { columns }: TicketExport,
): AsyncGenerator<string> {
  const chosen = columns.map((name): [string, TicketColumn] => [name, TICKET_COLUMNS[name]]);
  yield '{"items":[';
  let before = "\n";
  for await (const tickets of batches) {
    if (tickets.length === 0) continue;
    const items = tickets.map((ticket) =>
      JSON.stringify(Object.fromEntries(chosen.map(([name, { value }]) => [name, value(ticket)])))
    );
    yield before + items.join(",\n");
    before = ",\n";
  }
  yield "\n]}\n";
}
