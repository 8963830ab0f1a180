import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import { findWords, type Marked, marked, snippetOf } from "./highlight.ts";
import { rank } from "./match.ts";
import type { Query } from "./query.ts";
import type { Unit } from "./terms.ts";

export type MatchedIn = "key" | "title" | "description" | "comment" | "internal" | "requester" | "similar";

export interface FoundTicket {
  id: string;
  key: string;
  type: TicketType;
  title: Marked;
  status: Status;
  priority: Priority;
  requester: { id: string; name: Marked };
  updatedAt: string;
  /** Never of anything that the actor may not read. */
  snippet: Marked | null;
  matchedIn: MatchedIn;
}

interface HitRow {
  id: string;
  number: number;
  type: TicketType;
  title: string;
  status: Status;
  priority: Priority;
  description: string;
  requester_id: string;
  requester_name: string;
  /** Empty where the actor may not see it. */
  requester_email: string;
  updated_at: string;
}

const LOOKED_THROUGH = 30;
/** Characters of a text that are read for a line of it. */
const READ = 8000;

/** In the order of {@link rank}. */
export async function findTickets(
  cx: UserCx,
  { query, units, limit }: { query: Query; units: Unit[]; limit: number },
): Promise<{ items: FoundTicket[]; more: boolean }> {
  const { numbers, exact, similar, wider } = await rank(cx, query, units, limit + 1);
  if (numbers.length === 0) return { items: [], more: false };
  const rows = await readHits(cx, numbers.slice(0, limit + 2));
  const hits = rows.slice(0, limit).map((row) => {
    const isExact = exact.has(row.number);
    const how = row.number === query.number
      ? "key" as const
      : similar.has(row.number) && !isExact
      ? "similar" as const
      : null;
    return { row, sought: isExact ? units : wider, how };
  });
  return { items: await described(cx, hits), more: rows.length > limit };
}

async function readHits(cx: UserCx, numbers: number[]): Promise<HitRow[]> {
  return await cx.db.rows<HitRow & Record<string, unknown>>(sql`
    select t.id, t.number, t.type, t.title, t.status, t.priority, left(t.description, ${READ}) as description,
      t.requester_id, requester.name as requester_name, t.updated_at,
      case when ${
    isStaff(cx.actor.role)
  }::boolean or t.requester_id = ${cx.actor.id} then requester.email else '' end
        as requester_email
    from unnest(${numbers}::bigint[]) with ordinality n(number, place)
    cross join lateral (
      select t.* from tickets t where t.tenant_id = ${cx.tenant.id} and t.number = n.number ${
    visibleToActor(cx)
  } limit 1
    ) t
    left join lateral (select u.name, u.email from users u
      where u.tenant_id = t.tenant_id and u.id = t.requester_id limit 1) requester on true
    order by n.place`);
}

interface Hit {
  row: HitRow;
  sought: Unit[];
  how: "key" | "similar" | null;
}

/** Adds where it was found, and a snippet. */
async function described(cx: UserCx, hits: Hit[]): Promise<FoundTicket[]> {
  const looked = hits.map((hit) => {
    const terms = hit.sought.flatMap(({ alternatives }) => alternatives.flat());
    const inTitle = findWords(hit.row.title, terms);
    const body = snippetOf(hit.row.description, terms);
    const inName = findWords(`${hit.row.requester_name} ${hit.row.requester_email}`, terms);
    const has = (unit: Unit, ...found: Set<number>[]) =>
      unit.alternatives.some((all) => all.every((term) => found.some((set) => set.has(terms.indexOf(term)))));
    return {
      ...hit,
      terms,
      wholeTitle: hit.sought.every((unit) => has(unit, inTitle.found)),
      inTitle: inTitle.found.size > 0,
      inName: inName.found.size > 0,
      body,
      // What is in none of these is in a comment, or farther down.
      rest: hit.sought.filter((unit) => !has(unit, inTitle.found, body.found, inName.found)),
    };
  });
  const open = looked.filter(({ rest }) => rest.length > 0);
  const said = new Map<string, { visibility: string; body: string }>();
  if (open.length > 0) {
    const rows = await readSaid(cx, open.map(({ row, rest }) => ({ id: row.id, pattern: patternOf(rest) })));
    for (const row of rows) said.set(row.ticket_id, row);
  }
  return looked.map(({ row, terms, how, wholeTitle, inTitle, inName, body, rest }) => {
    const comment = rest.length > 0 ? said.get(row.id) : undefined;
    const matchedIn: MatchedIn = how ??
      (wholeTitle
        ? "title"
        : comment
        ? comment.visibility === "internal" ? "internal" : "comment"
        : body.found.size > 0
        ? "description"
        : inTitle
        ? "title"
        : inName || rest.length === 0
        ? "requester"
        // Beyond what is read here.
        : row.description.length >= READ
        ? "description"
        : "comment");
    const shown = comment ? snippetOf(comment.body, terms).snippet : body.snippet;
    return {
      id: row.id,
      key: ticketKey(row.type, row.number),
      type: row.type,
      title: marked(row.title, terms),
      status: row.status,
      priority: row.priority,
      requester: { id: row.requester_id, name: marked(row.requester_name, terms) },
      updatedAt: row.updated_at,
      snippet: shown.text === "" ? null : shown,
      matchedIn,
    };
  });
}

/** A regular expression of the database for text that is folded. */
function patternOf(units: Unit[]): string {
  return units.flatMap(({ alternatives }) => alternatives.flat()).flatMap(({ word, digits, words }) =>
    digits.length > 0
      ? digits.map((number) => [...number].join("[^[:alnum:]]{0,3}"))
      : [...words.map((word) => word.replace(/^[\^+]/, "")), [...word].join("[-\u2010\u2011]?")]
  ).join("|");
}

/** The newest comment with one of the words; internal notes for staff only. */
async function readSaid(
  cx: UserCx,
  asked: { id: string; pattern: string }[],
): Promise<{ ticket_id: string; visibility: string; body: string }[]> {
  return await cx.db.rows<{ ticket_id: string; visibility: string; body: string }>(sql`
    select a.id as ticket_id, c.visibility, c.body
    from unnest(${asked.map(({ id }) => id)}::uuid[], ${
    asked.map(({ pattern }) => pattern)
  }::text[]) a(id, pattern)
    cross join lateral (
      select n.visibility, left(n.body, ${READ}) as body from (
        select k.visibility, k.body from comments k
        where k.tenant_id = ${cx.tenant.id} and k.ticket_id = a.id
          and (k.visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)
        order by k.created_at desc, k.id desc limit ${LOOKED_THROUGH}
      ) n
      where search_folded(left(n.body, ${READ})) ~ a.pattern limit 1
    ) c`);
}
