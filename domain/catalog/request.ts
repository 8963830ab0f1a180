import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { bindAttachments } from "@/domain/attachments/bind.ts";
import { findActiveCategory } from "@/domain/categories/active_category.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { isStaff } from "@/domain/permissions.ts";
import { Email } from "@/domain/shared/account_fields.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { createTicket } from "@/domain/tickets/create.ts";
import type { Source, Ticket } from "@/domain/tickets/model/types.ts";
import { unknownFields } from "@/domain/unknown_fields.ts";
import { parse } from "@/domain/validation.ts";
import type { FormField } from "./fields.ts";
import { getRequestedItem } from "./read.ts";
import { type Answer, answerName, type Answers } from "./answers.ts";
import { answersSchema } from "./schemas.ts";
import { type Answered, type Names, requestText, requestTitle, wordAnswers } from "./wording.ts";

/** The item's form says what they must be. */
export const RequestItem = z.object({ answers: z.record(z.string(), z.unknown()).default({}) });

/** In the item's queue. @throws DomainError not_found for an unknown or archived item; invalid, below `answers` */
export async function requestItem(
  cx: UserCx,
  input: z.output<typeof RequestItem> & { itemId: string; source: Source },
): Promise<Ticket> {
  const item = await getRequestedItem(cx, input.itemId);
  if (item.archived) throw new DomainError("not_found");
  if (input.source === "api") assertAsked(item.fields, input.answers);
  const given = parse(answersSchema(item.fields), input.answers, "answers");
  const [{ answers, names: people }, files, category] = await Promise.all([
    withPeople(cx, item.fields, given),
    fileNames(cx, idsOf(item.fields, given, "file")),
    item.category && findActiveCategory(cx, item.category.id),
  ]);
  const names = new Map([...people, ...files]);
  const ticket = await createTicket(cx, {
    type: "service_request",
    title: requestTitle(item, answers, names),
    description: requestText(wordAnswers(item.fields, answers, names)),
    // An archived category isn't the requester's mistake.
    categoryId: category?.id,
    source: input.source,
  }, { queueId: item.queue?.id ?? null });
  await cx.db.run(
    sql`insert into catalog_requests (tenant_id, ticket_id, item_id, item_version, item_name, fields,
      answers)
    values (${cx.tenant.id}, ${ticket.id}, ${item.id}, ${item.version}, ${item.name},
      ${JSON.stringify(item.fields)}::jsonb, ${JSON.stringify(answers)}::jsonb)`,
  );
  for (const { key, type } of item.fields) {
    const ids = answers[key];
    if (type === "file" && Array.isArray(ids)) {
      await bindAttachments(cx, ids, { ticketId: ticket.id, visibility: "public", path: answerName(key) });
    }
  }
  return ticket;
}

/** A page that was open while the item was edited sends answers that nobody asks for any more; an API client's are wrong. */
function assertAsked(fields: FormField[], answers: Record<string, unknown>): void {
  const asked = z.object(Object.fromEntries(fields.map(({ key }) => [key, z.unknown()])));
  const errors = unknownFields(z.object({ answers: asked }), { answers });
  if (errors.length > 0) throw new DomainError("invalid", undefined, { errors });
}

/**
 * People are named by id or address, and kept by id. An address from whoever isn't staff is kept as it was typed, whether
 * somebody has it or not: nobody learns from it who has an account. @throws DomainError invalid for anyone but active people
 */
async function withPeople(
  cx: UserCx,
  fields: FormField[],
  given: Answers,
): Promise<{ answers: Answers; names: Names }> {
  const asked = idsOf(fields, given, "user");
  const names = new Map<string, string>();
  if (asked.length === 0) return { answers: given, names };
  const staff = isStaff(cx.actor.role);
  const people = await cx.db.rows<{ id: string; email_key: string; name: string }>(
    sql`select id, email_key, name from users where tenant_id = ${cx.tenant.id} and deactivated_at is null
      and (id::text = any(${asked}::text[]) or ${staff}::boolean and email_key = any(${asked}::text[]))`,
  );
  const answers = { ...given };
  for (const { key, type } of fields) {
    const wanted = given[key];
    if (type !== "user" || wanted === undefined) continue;
    if (!staff && isAddress(wanted)) {
      answers[key] = parse(Email, wanted, answerName(key));
      continue;
    }
    const person = people.find(({ id, email_key: email }) => id === wanted || email === wanted);
    if (!person) throw unknownId(answerName(key));
    answers[key] = person.id;
    names.set(person.id, person.name);
  }
  return { answers, names };
}

function isAddress(answer: Answer): answer is string {
  return typeof answer === "string" && answer.includes("@");
}

/** Of the actor's own uploads; whether they can be used is checked when they are bound. */
async function fileNames(cx: UserCx, ids: string[]): Promise<[string, string][]> {
  if (ids.length === 0) return [];
  const rows = await cx.db.rows<{ id: string; name: string }>(sql`select id, name from attachments
    where tenant_id = ${cx.tenant.id} and uploader_id = ${cx.actor.id} and id = any(${ids}::uuid[])`);
  return rows.map(({ id, name }) => [id, name]);
}

function idsOf(fields: FormField[], answers: Answers, type: FormField["type"]): string[] {
  return fields.filter((field) => field.type === type).flatMap(({ key }) => {
    const answer = answers[key];
    return Array.isArray(answer) ? answer : typeof answer === "string" ? [answer] : [];
  });
}

export interface CatalogRequest {
  item: { id: string; name: string; version: number };
  answers: Answers;
  /** In the order of the form, in words. */
  answered: Answered[];
}

interface RequestRow {
  item_id: string;
  item_version: number;
  item_name: string;
  fields: FormField[];
  answers: Answers;
}

/** Null for a ticket that isn't from the catalog. @throws DomainError not_found */
export async function readRequest(cx: UserCx, idOrKey: string): Promise<CatalogRequest | null> {
  const ticket = await requireTicket(cx, idOrKey);
  const row = await cx.db.first<RequestRow>(sql`select item_id, item_version, item_name, fields, answers
    from catalog_requests where tenant_id = ${cx.tenant.id} and ticket_id = ${ticket.id}`);
  if (!row) return null;
  const { fields, answers } = row;
  const [people, files] = await Promise.all([
    namesOf(cx, idsOf(fields, answers, "user")),
    cx.db.rows<{ id: string; name: string }>(sql`select id, name from attachments
      where tenant_id = ${cx.tenant.id} and ticket_id = ${ticket.id}`),
  ]);
  const names = new Map([...people, ...files.map(({ id, name }): [string, string] => [id, name])]);
  return {
    item: { id: row.item_id, name: row.item_name, version: row.item_version },
    answers,
    answered: wordAnswers(fields, answers, names),
  };
}

/** By what names them. Whose an address is stays with staff. */
async function namesOf(cx: UserCx, asked: string[]): Promise<[string, string][]> {
  const addresses = isStaff(cx.actor.role) ? asked.filter(isAddress) : [];
  const people = await cx.db.rows<{ id: string; name: string; email_key: string; active: boolean }>(
    sql`select id, name, email_key, deactivated_at is null as active from users
      where tenant_id = ${cx.tenant.id}
        and (id::text = any(${asked}::text[]) or email_key = any(${addresses}::text[]))`,
  );
  const owners = new Map(people.map((person) => [person.email_key, person]));
  return [
    ...people.map(({ id, name }): [string, string] => [id, name]),
    ...addresses.map((email): [string, string] => {
      const owner = owners.get(email.toLowerCase());
      if (!owner) return [email, `${email} (no account)`];
      return [email, `${owner.name} (${email})${owner.active ? "" : ", deactivated"}`];
    }),
  ];
}
