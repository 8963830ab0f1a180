import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { record } from "@/domain/record.ts";
import { formBoolean, line, version } from "@/domain/validation.ts";
import { getEndpoint, type WebhookEndpoint } from "./endpoints.ts";
import { OVERLAP_HOURS } from "./secret.ts";
import { TOPIC_NAMES } from "@/domain/events/topics.ts";
import { urlProblem } from "./url.ts";

/** Endpoints that an organisation can have: each change is written once for each. */
const MOST_ENDPOINTS = 20;

/** A form says "all" where JSON says null. */
const topics = z.preprocess(
  (value) => value === "all" ? null : value,
  z.array(z.enum(TOPIC_NAMES, { error: "Must be one of the topics offered" }))
    .min(1, "Choose at least one event").max(100)
    .transform((chosen) => TOPIC_NAMES.filter((topic) => chosen.includes(topic)) as string[])
    .nullable(),
);

/** A new endpoint; `topics` null for everything that is offered. */
export const CreateEndpoint = z.object({
  url: line(1, 2000),
  description: line(0, 200).default(""),
  topics: topics.default(null),
  includeInternal: formBoolean.default(false),
});

/** What can be changed of an endpoint; what isn't there stays. */
export const EditEndpoint = z.object({
  version: version.optional(),
  url: line(1, 2000).optional(),
  description: line(0, 200).optional(),
  topics: topics.optional(),
  includeInternal: formBoolean.optional(),
  active: formBoolean.optional(),
});

/** A new secret; `overlap` false where the one before must sign nothing any more. */
export const RotateSecret = z.object({ version: version.optional(), overlap: formBoolean.default(true) });

/**
 * Makes an endpoint, active from the next change on.
 *
 * @throws DomainError forbidden; invalid for an address that nothing may be sent to; conflict when there are too many
 */
export async function createEndpoint(
  cx: UserCx,
  input: z.output<typeof CreateEndpoint>,
): Promise<WebhookEndpoint> {
  assertRole(cx, ADMINS);
  const url = checkedUrl(cx, input.url);
  const id = await newId(cx);
  const made = await cx.db.run(
    sql`insert into webhook_endpoints (tenant_id, id, url, description, topics, include_internal)
    select ${cx.tenant.id}::uuid, ${id}::uuid, ${url}::text, ${input.description}::text, ${input.topics}::text[],
      ${input.includeInternal}::boolean
    where (select count(*) from webhook_endpoints
      where tenant_id = ${cx.tenant.id} and deleted_at is null) < ${MOST_ENDPOINTS}`,
  );
  if (made === 0) {
    throw new DomainError("conflict", `An organisation has at most ${MOST_ENDPOINTS} webhook endpoints`);
  }
  const [, endpoint] = await Promise.all([
    record(cx, {
      action: "webhook_endpoint.created",
      entity: "webhook_endpoint",
      entityId: id,
      version: 1,
      changes: { url, topics: input.topics, includeInternal: input.includeInternal },
      internal: true,
    }),
    getEndpoint(cx, id),
  ]);
  return endpoint;
}

/**
 * Changes an endpoint, stops it, or takes it into use again: then its failures are forgotten.
 *
 * @throws DomainError forbidden, not_found, stale_version, or invalid for an address that nothing may be sent to
 */
export async function editEndpoint(
  cx: UserCx,
  input: Omit<z.output<typeof EditEndpoint>, "version"> & { id: string; version: number },
): Promise<WebhookEndpoint> {
  const was = await getEndpoint(cx, input.id);
  if (was.version !== input.version) throw new DomainError("stale_version", undefined, { current: was });
  const next = {
    url: input.url === undefined ? was.url : checkedUrl(cx, input.url),
    description: input.description ?? was.description,
    topics: input.topics === undefined ? was.topics : input.topics,
    includeInternal: input.includeInternal ?? was.includeInternal,
    active: input.active ?? was.active,
  };
  const fields = (["url", "description", "topics", "includeInternal", "active"] as const)
    .filter((field) => JSON.stringify(was[field]) !== JSON.stringify(next[field]));
  if (fields.length === 0) return was;
  return await changeEndpoint(cx, {
    was,
    action: "webhook_endpoint.edited",
    changes: Object.fromEntries(fields.map((field) => [field, { from: was[field], to: next[field] }])),
    update: cx.db.run(
      sql`update webhook_endpoints set url = ${next.url}, description = ${next.description},
      topics = ${next.topics}::text[], include_internal = ${next.includeInternal}::boolean,
      disabled_at = case when not ${next.active}::boolean then coalesce(disabled_at, now()) end,
      disabled_because = case when not ${next.active}::boolean then coalesce(disabled_because, 'admin') end,
      failing_since = case when ${next.active !== was.active}::boolean then null else failing_since end,
      given_up = case when ${next.active !== was.active}::boolean then 0 else given_up end,
      version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${was.id} and version = ${was.version} and deleted_at is null`,
    ),
  });
}

/**
 * Gives an endpoint a new secret. The one before signs as well for 24 hours, unless `overlap` is false; with a second
 * change within them the oldest ends.
 *
 * @throws DomainError forbidden, not_found, stale_version
 */
export async function rotateSecret(
  cx: UserCx,
  { id, version, overlap }: { id: string; version: number; overlap: boolean },
): Promise<WebhookEndpoint> {
  const was = await getEndpoint(cx, id);
  if (was.version !== version) throw new DomainError("stale_version", undefined, { current: was });
  return await changeEndpoint(cx, {
    was,
    action: "webhook_endpoint.secret_rotated",
    changes: { generation: { from: was.secretGeneration, to: was.secretGeneration + 1 }, overlap },
    update: cx.db.run(
      sql`update webhook_endpoints set generation = generation + 1,
      overlap_until = case when ${overlap}::boolean then now() + make_interval(hours => ${OVERLAP_HOURS}) end,
      version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${was.id} and version = ${was.version} and deleted_at is null`,
    ),
  });
}

/** Removes an endpoint: nothing is sent to it any more, what waits neither. @throws DomainError forbidden, not_found */
export async function deleteEndpoint(cx: UserCx, id: string): Promise<void> {
  const was = await getEndpoint(cx, id);
  const [deleted] = await Promise.all([
    cx.db.run(
      sql`update webhook_endpoints set deleted_at = now(), version = version + 1, updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${id} and deleted_at is null`,
    ),
    record(cx, {
      action: "webhook_endpoint.deleted",
      entity: "webhook_endpoint",
      entityId: id,
      version: was.version + 1,
      changes: { url: was.url },
      internal: true,
    }),
  ]);
  if (deleted === 0) throw new DomainError("not_found");
}

async function changeEndpoint(
  cx: UserCx,
  { was, action, changes, update }: {
    was: WebhookEndpoint;
    action: string;
    changes: Record<string, unknown>;
    update: Promise<number>;
  },
): Promise<WebhookEndpoint> {
  const [updated, , endpoint] = await Promise.all([
    update,
    record(cx, {
      action,
      entity: "webhook_endpoint",
      entityId: was.id,
      version: was.version + 1,
      changes,
      internal: true,
    }),
    getEndpoint(cx, was.id),
  ]);
  // Between the read and the update somebody else was first.
  if (updated === 0) throw new DomainError("stale_version", undefined, { current: endpoint });
  return endpoint;
}

/** The address as it is kept, in its normal form. @throws DomainError invalid */
function checkedUrl(cx: UserCx, text: string): string {
  const problem = urlProblem(text, { allowPrivate: cx.services.config.ALLOW_PRIVATE_WEBHOOKS });
  if (problem) throw invalidField("url", "invalid_url", problem);
  const url = new URL(text);
  url.hash = "";
  if (url.href.length > 2000) throw invalidField("url", "too_long", "Must have at most 2000 characters");
  return url.href;
}
