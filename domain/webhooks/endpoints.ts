import type { z } from "zod";
import { type Sql, sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type PageOf, readCursor, START, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Page } from "@/domain/shared/types.ts";
import { secretText } from "./secret.ts";

export interface WebhookEndpoint {
  id: string;
  url: string;
  description: string;
  /** Null for all events. */
  topics: string[] | null;
  includeInternal: boolean;
  active: boolean;
  disabledBecause: "admin" | "gone" | "failing" | null;
  disabledAt: string | null;
  /** Null when the last message arrived, or none was sent. */
  failingSince: string | null;
  /** Counts secrets, from 1. */
  secretGeneration: number;
  /** Until then the previous secret signs too. */
  overlapUntil: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

const COLUMNS = sql`w.id, w.url, w.description, w.topics, w.include_internal as "includeInternal",
  w.disabled_at is null as active, w.disabled_because as "disabledBecause", w.disabled_at as "disabledAt",
  w.failing_since as "failingSince", w.generation as "secretGeneration",
  case when w.overlap_until > now() then w.overlap_until end as "overlapUntil", w.version,
  w.created_at as "createdAt", w.updated_at as "updatedAt"`;

const LIST = "webhook-endpoints";

/** Endpoints, oldest first. @throws DomainError forbidden, or invalid for a cursor of another list */
export async function listEndpoints(
  cx: UserCx,
  { limit, cursor }: z.output<typeof PageOf>,
): Promise<Page<WebhookEndpoint>> {
  assertRole(cx, ADMINS);
  const after = cursor ? readCursor(cx, LIST, cursor) : START;
  const rows = await readEndpoints(cx, sql`w.id > ${after.id}::uuid order by w.id limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows,
    nextCursor: more && last ? writeCursor(cx, LIST, { at: last.createdAt, id: last.id }) : null,
  };
}

/** @throws DomainError forbidden, not_found */
export async function getEndpoint(cx: UserCx, id: string): Promise<WebhookEndpoint> {
  assertRole(cx, ADMINS);
  const [endpoint] = await readEndpoints(cx, sql`w.id = ${id}`);
  if (!endpoint) throw new DomainError("not_found");
  return endpoint;
}

async function readEndpoints(cx: UserCx, which: Sql): Promise<WebhookEndpoint[]> {
  return await cx.db.rows<WebhookEndpoint & Record<string, unknown>>(
    sql`select ${COLUMNS} from webhook_endpoints w
    where w.tenant_id = ${cx.tenant.id} and w.deleted_at is null and ${which}`,
  );
}

/** For the one response that shows the secret. */
export function withSecret(cx: UserCx, endpoint: WebhookEndpoint): WebhookEndpoint & { secret: string } {
  const of = { tenantId: cx.tenant.id, endpointId: endpoint.id, generation: endpoint.secretGeneration };
  return { ...endpoint, secret: secretText(cx.services, of) };
}
