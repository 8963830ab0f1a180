import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import { findCandidates } from "./candidates.ts";
import { findWords, type Marked, marked, snippetOf } from "./highlight.ts";
import { withSimilar } from "./similar.ts";
import type { Term } from "./terms.ts";

/** Where a search found a ticket. */
export type MatchedIn = "key" | "title" | "description" | "comment" | "internal" | "requester" | "similar";

/** A ticket that a search found. */
export interface FoundTicket {
  id: string;
  key: string;
  type: TicketType;
  title: Marked;
  status: Status;
  priority: Priority;
  requester: { id: string; name: Marked };
  updatedAt: string;
  /** A line of what was found beside the title, never of anything that the actor may not read. */
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
  updated_at: string;
}

/** Fewer hits of one word than this, and words that are spelled nearly so are searched too; of several words, none. */
const FEW = 3;
/** Comments of a ticket that are looked through for a line to show, the newest. */
const LOOKED_THROUGH = 30;

/**
 * The tickets of a search, best first: the one whose key was typed, then those with every word in the title, then the
 * others, the newest first; and behind a few, those that are spelled nearly so.
 *
 * @param q what was typed
 * @param terms its words
 */
export async function findTickets(
  cx: UserCx,
  { q, terms, limit }: { q: string; terms: Term[]; limit: number },
): Promise<{ items: FoundTicket[]; more: boolean }> {
  const named = numberIn(q);
  const exact = await findCandidates(cx, terms, limit + 1);
  const few = terms.length === 1 ? FEW : 1;
  const wider = exact.length < few && named === null ? await withSimilar(cx, terms) : null;
  const similar = wider ? await findCandidates(cx, wider, limit + 1) : [];
  const numbers = [
    ...new Set([
      ...(named === null ? [] : [named]),
      ...exact,
      ...similar,
    ]),
  ];
  if (numbers.length === 0) return { items: [], more: false };
  const rows = await readHits(cx, numbers.slice(0, limit + 2));
  const exactly = new Set(exact);
  const hits = rows.slice(0, limit).map((row) => {
    const isExact = exactly.has(row.number);
    const sought = isExact || !wider ? terms : wider;
    return { row, sought, how: row.number === named ? "key" as const : isExact ? null : "similar" as const };
  });
  return { items: await described(cx, hits), more: rows.length > limit };
}

/** The number in a key or of a bare number, however it is written. */
function numberIn(q: string): number | null {
  const digits = /^(?:(?:INC|REQ)-|#)?(\d{1,15})$/i.exec(q)?.[1];
  return digits === undefined ? null : Number(digits);
}

async function readHits(cx: UserCx, numbers: number[]): Promise<HitRow[]> {
  return await cx.db.rows<HitRow & Record<string, unknown>>(sql`
    select t.id, t.number, t.type, t.title, t.status, t.priority, left(t.description, 8000) as description,
      t.requester_id, requester.name as requester_name, t.updated_at
    from unnest(${numbers}::bigint[]) with ordinality n(number, place)
    cross join lateral (
      select t.* from tickets t where t.tenant_id = ${cx.tenant.id} and t.number = n.number ${
    visibleToActor(cx)
  } limit 1
    ) t
    left join lateral (select u.name from users u
      where u.tenant_id = t.tenant_id and u.id = t.requester_id limit 1) requester on true
    order by n.place`);
}

interface Hit {
  row: HitRow;
  sought: Term[];
  how: "key" | "similar" | null;
}

/** Adds to each hit where it was found, with a line to show. */
async function described(cx: UserCx, hits: Hit[]): Promise<FoundTicket[]> {
  const looked = hits.map((hit) => {
    const inTitle = findWords(hit.row.title, hit.sought);
    const body = snippetOf(hit.row.description, hit.sought);
    // What neither title nor description nor name explains was said in a comment.
    const inName = findWords(hit.row.requester_name, hit.sought);
    const rest = hit.sought.filter((_, i) =>
      !inTitle.found.has(i) && !body.found.has(i) && !inName.found.has(i)
    );
    return { ...hit, inTitle, body, rest };
  });
  const open = looked.filter(({ rest }) => rest.length > 0);
  const said = new Map<string, { visibility: string; body: string }>();
  if (open.length > 0) {
    const rows = await readSaid(cx, open.map(({ row, rest }) => ({ id: row.id, words: rest[0]!.words })));
    for (const row of rows) said.set(row.ticket_id, row);
  }
  return looked.map(({ row, sought, how, inTitle, body, rest }) => {
    const comment = rest.length > 0 ? said.get(row.id) : undefined;
    const wholeTitle = inTitle.found.size === sought.length;
    const matchedIn: MatchedIn = how ??
      (wholeTitle
        ? "title"
        : comment
        ? comment.visibility === "internal" ? "internal" : "comment"
        : body.found.size > 0
        ? "description"
        : inTitle.found.size > 0
        ? "title"
        : "requester");
    const shown = comment ? snippetOf(comment.body, sought).snippet : body.snippet;
    return {
      id: row.id,
      key: ticketKey(row.type, row.number),
      type: row.type,
      title: marked(row.title, sought),
      status: row.status,
      priority: row.priority,
      requester: { id: row.requester_id, name: marked(row.requester_name, sought) },
      updatedAt: row.updated_at,
      snippet: shown.text === "" ? null : shown,
      matchedIn,
    };
  });
}

/** The newest comment of each ticket that has one of its words; internal notes for staff alone. */
async function readSaid(
  cx: UserCx,
  asked: { id: string; words: string[] }[],
): Promise<{ ticket_id: string; visibility: string; body: string }[]> {
  const patterns = asked.map(({ words }) => words.map((word) => word.replace("^", "")).join("|"));
  return await cx.db.rows<{ ticket_id: string; visibility: string; body: string }>(sql`
    select a.id as ticket_id, c.visibility, c.body
    from unnest(${asked.map(({ id }) => id)}::uuid[], ${patterns}::text[]) a(id, pattern)
    cross join lateral (
      select n.visibility, left(n.body, 8000) as body from (
        select k.visibility, k.body from comments k
        where k.tenant_id = ${cx.tenant.id} and k.ticket_id = a.id
          and (k.visibility = 'public' or ${isStaff(cx.actor.role)}::boolean)
        order by k.created_at desc, k.id desc limit ${LOOKED_THROUGH}
      ) n
      where search_folded(left(n.body, 8000)) ~ a.pattern limit 1
    ) c`);
}
