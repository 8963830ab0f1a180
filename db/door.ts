import { Buffer } from "node:buffer";
import pg from "pg";
import { transaction } from "./pool.ts";
import type { Queries } from "./sql.ts";

export type Role = "REQUESTER" | "AGENT" | "MANAGER" | "ADMIN";

/** Who claims to act, by signature and form alone; the door finds out whether it is true. */
export type Claim =
  /** A signed-in person. `secretHash` is SHA-256 in hex; null when a signed token named the session. */
  | { kind: "session"; tenantId: string; sessionId: string; secretHash: string | null }
  | { kind: "system"; tenantId: string }
  /** A person without a session, known by a mail that only they can have written. */
  | { kind: "person"; tenantId: string; userId: string };

export interface Entered {
  tenant: {
    id: string;
    slug: string;
    name: string;
    agentsSeeAll: boolean;
    reopenDays: number;
    autoCloseDays: number;
    locale: string;
    timeZone: string;
    commentEditMinutes: number;
    /** Of queues, categories, calendars and SLA policies; rises with every change to one of them. */
    configVersion: number;
  };
  actor: Actor | null;
  sessionId: string | null;
  /** The transaction's time, RFC 3339. */
  now: string;
  db: Queries;
}

export interface Actor {
  id: string;
  name: string;
  email: string;
  role: Role;
  locale: string;
  timeZone: string;
  theme: "system" | "light" | "dark";
  /** Queues an agent is confined to; empty where agents see everything. */
  queueIds: string[];
}

/** Thrown when a claimed session is unknown, ended, expired, or its user deactivated. */
export class SessionNotActive extends Error {}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** Whether `text` is a UUID in lower-case canonical form (RFC 9562). */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * The one door to a tenant's data: one transaction, confined by row security. `fn` awaits nothing but the database.
 * @throws SessionNotActive, DatabaseUnavailable, or what `fn` threw after a rollback
 */
export async function inTenant<T>(claim: Claim, fn: (entered: Entered) => Promise<T>): Promise<T> {
  try {
    const { from, values } = entry(claim);
    // Rounded like every time that is kept, so that what a transaction writes by either is the same.
    const text = `select e.*, now()::timestamptz(3) as moment
      from open_door($1, $2) as d (tenant) cross join lateral ${from} e`;
    return await transaction(
      { open: (secret) => ({ text, values: [secret, claim.tenantId, ...values] }) },
      (db, { rows }) => fn(entered(claim, rows[0], db)),
    );
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "SH401") {
      throw new SessionNotActive("Session is not active", { cause: error });
    }
    throw error;
  }
}

/**
 * The second door, before a tenant is known: row security shows no row, only definer functions answer.
 * @param reason the connection's application name in pg_stat_activity
 */
export async function inSystem<T>(reason: string, fn: (db: Queries) => Promise<T>): Promise<T> {
  const name = pg.escapeLiteral(`servicehub: ${reason}`);
  return await transaction({
    settings: `set local application_name = ${name}`,
    open: (secret) => ({ text: "select open_door($1, $2)", values: [secret, NO_TENANT] }),
  }, fn);
}

const NO_TENANT = "00000000-0000-0000-0000-000000000000";

/** The function that says what may be seen there, for the tenant that the door was opened for, and its own parameters. */
function entry(claim: Claim): { from: string; values: (string | Buffer | null)[] } {
  if (!isUuid(claim.tenantId)) throw new SessionNotActive("Tenant id is malformed");
  if (claim.kind === "system") return { from: "enter_system(d.tenant)", values: [] };
  if (claim.kind === "person") {
    if (!isUuid(claim.userId)) throw new SessionNotActive("User id is malformed");
    return { from: "enter_person(d.tenant, $3)", values: [claim.userId] };
  }
  if (!isUuid(claim.sessionId)) throw new SessionNotActive("Session id is malformed");
  if (claim.secretHash !== null && !SHA256.test(claim.secretHash)) {
    throw new SessionNotActive("Session secret is malformed");
  }
  const hash = claim.secretHash === null ? null : Buffer.from(claim.secretHash, "hex");
  return { from: "enter(d.tenant, $3, $4)", values: [claim.sessionId, hash] };
}

// deno-lint-ignore no-explicit-any -- the row of enter() or enter_system(), whose columns the migration names
function entered(claim: Claim, row: any, db: Queries): Entered {
  return {
    tenant: {
      id: claim.tenantId,
      slug: row?.tenant_slug ?? "",
      name: row?.tenant_name ?? "",
      agentsSeeAll: row?.agents_see_all ?? true,
      reopenDays: row?.reopen_days ?? 14,
      autoCloseDays: row?.auto_close_days ?? 5,
      locale: row?.tenant_locale ?? "en",
      timeZone: row?.tenant_time_zone ?? "UTC",
      commentEditMinutes: row?.comment_edit_minutes ?? 15,
      configVersion: Number(row?.config_version ?? 0),
    },
    actor: claim.kind === "system" ? null : {
      id: row.user_id,
      name: row.user_name,
      email: row.user_email,
      role: row.role,
      locale: row.locale,
      timeZone: row.time_zone,
      theme: row.theme,
      queueIds: row.queue_ids,
    },
    sessionId: row?.session_id ?? null,
    now: row?.moment ?? "",
    db,
  };
}
