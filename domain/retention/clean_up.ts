import { inSystem } from "@/db/door.ts";
import { type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/** Per transaction. */
const AT_ONCE = 1000;
/** Whoever writes in the organisation waits for these. */
const WORDS_AT_ONCE = 100;

export async function tenantsToClean(): Promise<string[]> {
  const rows = await inSystem(
    "clean up",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_to_clean()`),
  );
  return rows.map(({ id }) => id);
}

/** UUIDv7 ids carry the creation time: the oldest rows come first in every primary key, so no other index is needed. */
const EXPIRY_RULES: Record<string, (cx: Cx) => Sql> = {
  "idempotency keys": ({ tenant }) =>
    sql`delete from idempotency_keys where tenant_id = ${tenant.id} and (user_id, route, key) in (
      select user_id, route, key from idempotency_keys
      where tenant_id = ${tenant.id} and created_at < now() - interval '24 hours'
      order by created_at limit ${AT_ONCE} for update skip locked)`,
  // With their refresh tokens. A session lasts 30 days, ended ones are kept as long.
  "sessions": ({ tenant }) =>
    sql`delete from sessions where tenant_id = ${tenant.id} and id in (
      select id from sessions where tenant_id = ${tenant.id} and id < (select uuidv7('-37 days'))
        and expires_at < now() - interval '7 days' order by id limit ${AT_ONCE} for update skip locked)`,
  "password resets": ({ tenant }) =>
    sql`delete from password_resets where tenant_id = ${tenant.id} and id in (
      select id from password_resets where tenant_id = ${tenant.id} and id < (select uuidv7('-7 days'))
        and expires_at < now() order by id limit ${AT_ONCE} for update skip locked)`,
  "invitations": ({ tenant }) =>
    sql`delete from invitations where tenant_id = ${tenant.id} and id in (
      select id from invitations where tenant_id = ${tenant.id} and id < (select uuidv7('-90 days'))
        and expires_at < now() order by id limit ${AT_ONCE} for update skip locked)`,
  "read notifications": ({ tenant }) =>
    sql`delete from notifications where tenant_id = ${tenant.id} and id in (
      select id from notifications where tenant_id = ${tenant.id} and id < (select uuidv7('-90 days'))
        and read_at is not null order by id limit ${AT_ONCE} for update skip locked)`,
  "notifications": ({ tenant }) =>
    sql`delete from notifications where tenant_id = ${tenant.id} and id in (
      select id from notifications where tenant_id = ${tenant.id} and id < (select uuidv7('-180 days'))
      order by id limit ${AT_ONCE} for update skip locked)`,
  // The application may not update events, so it can't lock them.
  "events": ({ tenant }) =>
    sql`delete from events where tenant_id = ${tenant.id} and id in (
      select id from events where tenant_id = ${tenant.id} and id < (select uuidv7('-30 days'))
      order by id limit ${AT_ONCE})`,
  "provider events": ({ tenant }) =>
    sql`delete from provider_events where tenant_id = ${tenant.id} and id in (
      select id from provider_events where tenant_id = ${tenant.id} and at < now() - interval '30 days'
      order by at limit ${AT_ONCE})`,
  "inbound mails": ({ tenant }) =>
    sql`delete from inbound_mails where tenant_id = ${tenant.id} and id in (
      select id from inbound_mails where tenant_id = ${tenant.id} and id < (select uuidv7('-180 days'))
      order by id limit ${AT_ONCE} for update skip locked)`,
  // Not the texts themselves: what was edited or taken out leaves its words behind.
  "search words": ({ tenant }) => sql`select word from forget_words(${tenant.id}, ${WORDS_AT_ONCE}) word`,
  "jobs that are done": (cx) => finishedJobs(cx, "done", 30),
  "dead jobs": (cx) => finishedJobs(cx, "dead", 90),
};

/** With their messages. */
function finishedJobs({ tenant }: Cx, state: "done" | "dead", days: number): Sql {
  return sql`with old as (
      select id from jobs where tenant_id = ${tenant.id} and state = ${state}
        and id < (select uuidv7(make_interval(days => ${-days})))
        and finished_at < now() - make_interval(days => ${days})
      order by id limit ${AT_ONCE} for update skip locked
    ), messages as (
      delete from outbox where tenant_id = ${tenant.id} and id in (select id from old)
    )
    delete from jobs where tenant_id = ${tenant.id} and id in (select id from old)`;
}

export const EXPIRING_KINDS: readonly string[] = Object.keys(EXPIRY_RULES);

/** Safe to run in parallel and to interrupt. `what` is one of {@link EXPIRING_KINDS}. @returns whether more may be left */
export async function removeExpired(cx: Cx, what: string): Promise<{ done: number; more: boolean }> {
  const done = await cx.db.run(EXPIRY_RULES[what]!(cx));
  return { done, more: done === (what === "search words" ? WORDS_AT_ONCE : AT_ONCE) };
}
