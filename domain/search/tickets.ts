import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { parseKey, ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Priority } from "@/domain/tickets/model/priority.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import { findCandidates } from "./candidates.ts";
import { findWords, type Marked, marked, snippetOf } from "./highlight.ts";
import { withSimilar } from "./similar.ts";
import type { Term } from "./terms.ts";

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
  updated_at: string;
}

/** With fewer hits of one word, similar words are searched too; of several words, with none. */
const FEW = 3;
const LOOKED_THROUGH = 30;

/** The ticket whose key was typed, then every word in the title, then the newest; similar spellings last. */
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

/** A key, or a bare number. */
function numberIn(q: string): number | null {
  const digits = /^#?(\d{1,15})$/.exec(q)?.[1];
  return digits === undefined ? parseKey(q) : Number(digits);
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

/** Adds where it was found, and a snippet. */
async function described(cx: UserCx, hits: Hit[]): Promise<FoundTicket[]> {
  const looked = hits.map((hit) => {
    const inTitle = findWords(hit.row.title, hit.sought);
    const body = snippetOf(hit.row.description, hit.sought);
    // What is in none of these is in a comment.
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

/** The newest comment with one of the words; internal notes for staff only. */
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
