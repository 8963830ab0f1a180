import { inSystem } from "@/db/door.ts";
import { type Queries, sql } from "@/db/sql.ts";
import { type RequestInfo, translated } from "@/domain/cx.ts";

/** What may be known of an organisation before anyone signs in. */
export interface TenantName {
  id: string;
  slug: string;
  name: string;
}

export async function tenantBySlug(slug: string): Promise<TenantName | undefined> {
  return await lookUp("find organisation", (db) =>
    db.first<TenantName & Record<string, unknown>>(
      sql`select id, slug, name from find_tenant(${slug})`,
    ));
}

/** The only organisation, if there is exactly one; `total` counts to two. */
export async function soleTenant(): Promise<{ total: number; tenant?: TenantName }> {
  return await lookUp("find organisation", soleTenantOn);
}

export async function soleTenantOn(db: Queries): Promise<{ total: number; tenant?: TenantName }> {
  const row = await db.first<TenantName & { total: number }>(
    sql`select total, id, slug, name from sole_tenant()`,
  );
  if (!row || row.total !== 1) return { total: row?.total ?? 0 };
  return { total: 1, tenant: { id: row.id, slug: row.slug, name: row.name } };
}

/** Organisations where an address has an active user who has proved it, the oldest first. */
export async function tenantIdsOfEmail(email: string): Promise<string[]> {
  const rows = await lookUp("find organisations", (db) =>
    db.rows<{ id: string }>(
      sql`select id from tenants_of_email(${email})`,
    ));
  return rows.map((row) => row.id);
}

/** Whether SIGNUP is open, or unset before the first organisation. */
export async function isSignupOpen(request: RequestInfo): Promise<boolean> {
  const { SIGNUP } = request.services.config;
  return SIGNUP === undefined ? (await soleTenant()).total === 0 : SIGNUP === "open";
}

export async function newTenantId(): Promise<string> {
  const row = await lookUp(
    "register organisation",
    (db) => db.first<{ id: string }>(sql`select uuidv7() as id`),
  );
  return row!.id;
}

async function lookUp<T>(reason: string, fn: (db: Queries) => Promise<T>): Promise<T> {
  try {
    return await inSystem(reason, fn);
  } catch (error) {
    throw translated(error);
  }
}
