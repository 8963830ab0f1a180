import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import type { TicketRow } from "@/domain/tickets/access/ticket_row.ts";
import type { Named } from "@/domain/shared/types.ts";
import { optional } from "@/domain/validation.ts";
import { mentionsIn } from "@/domain/shared/mention_calls.ts";
import { isWordAt, type Mention, writeById, type WrittenMention } from "@/domain/shared/mention_text.ts";
import { mayReadComment, type Mentionable, readMentionable } from "./people.ts";

const MOST_CALLS = 20;
const MOST_WORDS = 8;

/** Who is notified, and who isn't because they may not read it. */
export interface MentionedPeople {
  told: Mention[];
  unreached: Named[];
}

/** Staff name anyone by full name or id, requesters people of the conversation. A mention gives nobody access. */
export async function findMentioned(
  cx: UserCx,
  row: TicketRow,
  { body, visibility }: { body: string; visibility: "public" | "internal" },
): Promise<MentionedPeople> {
  const calls = mentionsIn(body, MOST_CALLS);
  if (calls.length === 0) return { told: [], unreached: [] };
  const staff = isStaff(cx.actor.role);
  const ids = calls.flatMap((call) => "id" in call ? [call.id] : []);
  const names = calls.flatMap((call) => "id" in call ? [] : beginnings(call.following)).map(key);
  const people = await readMentionable(cx, row, {
    others: sql`select u.id from users u where u.tenant_id = ${cx.tenant.id} and ${staff}::boolean
        and u.name_key = any(${names}::text[])
      union select u.id from users u where u.tenant_id = ${cx.tenant.id} and ${staff}::boolean
        and u.id = any(${ids}::uuid[])`,
    limit: 500,
  });
  const told = new Map<string, Mention>();
  const unreached = new Map<string, Named>();
  for (const call of calls) {
    const found = whoIs(call, people);
    if (!found) continue;
    const { person, label } = found;
    if (mayReadComment(cx, row, { person, visibility })) {
      if (!told.has(person.id)) told.set(person.id, { id: person.id, label });
    } else unreached.set(person.id, { id: person.id, name: person.name });
  }
  return { told: [...told.values()], unreached: [...unreached.values()] };
}

function key(name: string): string {
  return name.toLowerCase();
}

/** What a name at the beginning of `text` can be, longest first. */
function beginnings(text: string): string[] {
  const found: string[] = [];
  for (let at = 1; at <= text.length && found.length < MOST_WORDS; at++) {
    if (isWordAt(text, at - 1) && !isWordAt(text, at)) found.unshift(text.slice(0, at));
  }
  return found;
}

function whoIs(call: WrittenMention, people: Mentionable[]): { person: Mentionable; label: string } | null {
  if ("id" in call) {
    const person = people.find(({ id }) => id === call.id);
    return person ? { person, label: call.label } : null;
  }
  for (const label of beginnings(call.following)) {
    const named = people.filter(({ name }) => key(name) === key(label));
    const person = onlyOne(named) ?? onlyOne(named.filter(({ talks }) => talks));
    if (person) return { person, label };
    if (named.length > 0) return null;
  }
  const label = /^\S+/.exec(call.following)?.[0].replace(/[^\p{L}\p{N}_]+$/u, "") ?? "";
  const person = onlyOne(
    people.filter(({ name, talks }) => talks && key(name.split(" ")[0]!) === key(label)),
  );
  return person ? { person, label } : null;
}

function onlyOne(people: Mentionable[]): Mentionable | null {
  return people.length === 1 ? people[0]! : null;
}

export async function saveMentions(cx: UserCx, commentId: string, told: Mention[]): Promise<void> {
  if (told.length === 0) return;
  await cx.db.run(sql`insert into comment_mentions (tenant_id, comment_id, user_id, label)
    select ${cx.tenant.id}::uuid, ${commentId}::uuid, m.id, m.label
    from unnest(${told.map(({ id }) => id)}::uuid[], ${told.map(({ label }) => label)}::text[]) m(id, label)
    on conflict (tenant_id, comment_id, user_id) do update set label = excluded.label`);
}

/** `q` is the beginning of a word of the name. */
export const ListMentionCandidates = z.object({
  q: optional(z.string().trim().max(120).refine((text) => !text.includes("\0"), "Must not contain U+0000")),
  visibility: z.enum(["public", "internal"]).default("public"),
});

export interface MentionCandidate extends Named {
  email?: string;
  text: string;
  /** Whether they may read the comment; otherwise they aren't notified. */
  reads: boolean;
}

const MOST_OFFERED = 8;

/** People of the conversation first; for requesters nobody else. @throws DomainError not_found */
export async function listMentionCandidates(
  cx: UserCx,
  input: z.output<typeof ListMentionCandidates> & { ticketId: string },
): Promise<{ items: MentionCandidate[] }> {
  const row = await requireTicket(cx, input.ticketId);
  const staff = isStaff(cx.actor.role);
  const q = key(input.q ?? "");
  const people = await readMentionable(cx, row, {
    others: sql`select u.id from users u where u.tenant_id = ${cx.tenant.id} and ${staff && q !== ""}::boolean
      and u.deactivated_at is null and position(' ' || ${q}::text in ' ' || u.name_key) > 0
      order by u.name_key, u.id limit ${MOST_OFFERED + 1}`,
    limit: 500,
  });
  const found = people.filter(({ name }) => ` ${key(name)}`.includes(` ${q}`)).slice(0, MOST_OFFERED);
  const names = await cx.db.rows<{ name: string }>(sql`select u.name_key as name from users u
    where u.tenant_id = ${cx.tenant.id} and u.deactivated_at is null and ${staff}::boolean
      and u.name_key = any(${found.map(({ name }) => key(name))}::text[]) group by 1 having count(*) > 1`);
  const shared = new Set(names.map(({ name }) => name));
  return {
    items: found.map((person) => ({
      id: person.id,
      name: person.name,
      ...(staff ? { email: person.email } : {}),
      text: shared.has(key(person.name))
        ? writeById({ id: person.id, label: person.name })
        : `@${person.name}`,
      reads: mayReadComment(cx, row, { person, visibility: input.visibility }),
    })),
  };
}
