import { z } from "zod";
import { type Sql, sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { editVersioned } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { formBoolean, line, version } from "@/domain/validation.ts";
import { getEndpoint, type WebhookEndpoint } from "./endpoints.ts";
import { OVERLAP_HOURS } from "./secret.ts";
import { TOPIC_NAMES } from "@/domain/events/topics.ts";
import { urlProblem } from "./url.ts";

/** Each change is sent to each endpoint. */
const MOST_ENDPOINTS = 20;

/** Forms send "all" for null. */
const topics = z.preprocess(
  (value) => value === "all" ? null : value,
  z.array(z.enum(TOPIC_NAMES, { error: "Must be one of the offered events" }))
    .min(1, "Choose at least one event").max(100)
    .transform((chosen) => TOPIC_NAMES.filter((topic) => chosen.includes(topic)) as string[])
    .nullable(),
);

export const CreateEndpoint = z.object({
  url: line(1, 2000),
  description: line(0, 200).default(""),
  topics: topics.default(null),
  includeInternal: formBoolean.default(false),
});

export const EditEndpoint = z.object({
  version: version.optional(),
  url: line(1, 2000).optional(),
  description: line(0, 200).optional(),
  topics: topics.optional(),
  includeInternal: formBoolean.optional(),
  active: formBoolean.optional(),
});

/** Without `overlap` the previous secret stops signing at once. */
export const RotateSecret = z.object({ version: version.optional(), overlap: formBoolean.default(true) });

/** @throws DomainError forbidden; invalid for an address that nothing may be sent to; conflict when there are too many */
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
    throw new DomainError("conflict", `An organisation can have at most ${MOST_ENDPOINTS} webhook endpoints`);
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

/** Enabling it forgets its failures. @throws DomainError forbidden; invalid for the address; not_found; stale_version */
export async function editEndpoint(
  cx: UserCx,
  input: Omit<z.output<typeof EditEndpoint>, "version"> & { id: string; version: number },
): Promise<WebhookEndpoint> {
  assertRole(cx, ADMINS);
  const url = input.url === undefined ? undefined : checkedUrl(cx, input.url);
  return await editVersioned(cx, {
    action: "webhook_endpoint.edited",
    entity: "webhook_endpoint",
    internal: true,
    read: () => getEndpoint(cx, input.id),
    version: input.version,
    fields: ({ url, description, topics, includeInternal, active }) => ({
      url,
      description,
      topics,
      includeInternal,
      active,
    }),
    input: { ...input, url },
    table: "webhook_endpoints",
    set: (next, was) =>
      sql`url = ${next.url}, description = ${next.description}, topics = ${next.topics}::text[],
      include_internal = ${next.includeInternal},
      disabled_at = case when not ${next.active}::boolean then coalesce(disabled_at, now()) end,
      disabled_because = case when not ${next.active}::boolean then coalesce(disabled_because, 'admin') end,
      failing_since = case when not ${next.active !== was.active}::boolean then failing_since end,
      given_up = case when not ${next.active !== was.active}::boolean then given_up else 0 end`,
    where: ({ id }) => inUse(cx, id),
  });
}

/**
 * The previous one signs as well for 24 hours, unless `overlap` is false; a second change within that time ends the
 * oldest. @throws DomainError forbidden, not_found, stale_version
 */
export async function rotateSecret(
  cx: UserCx,
  { id, version, overlap }: { id: string; version: number; overlap: boolean },
): Promise<WebhookEndpoint> {
  return await editVersioned(cx, {
    action: "webhook_endpoint.secret_rotated",
    entity: "webhook_endpoint",
    internal: true,
    read: () => getEndpoint(cx, id),
    version,
    fields: ({ secretGeneration }) => ({ generation: secretGeneration }),
    input: ({ secretGeneration }) => ({ generation: secretGeneration + 1 }),
    table: "webhook_endpoints",
    set: ({ generation }) =>
      sql`generation = ${generation},
      overlap_until = case when ${overlap}::boolean then now() + make_interval(hours => ${OVERLAP_HOURS}) end`,
    where: () => inUse(cx, id),
    facts: () => ({ overlap }),
  });
}

function inUse(cx: UserCx, id: string): Sql {
  return sql`tenant_id = ${cx.tenant.id} and id = ${id} and deleted_at is null`;
}

/** Deletes an endpoint; messages that wait are not sent any more. @throws DomainError forbidden, not_found */
export async function deleteEndpoint(cx: UserCx, id: string): Promise<void> {
  const was = await getEndpoint(cx, id);
  const deleted = await cx.db.run(sql`update webhook_endpoints
    set deleted_at = now(), version = version + 1, updated_at = now() where ${inUse(cx, id)}`);
  if (deleted === 0) throw new DomainError("not_found");
  await record(cx, {
    action: "webhook_endpoint.deleted",
    entity: "webhook_endpoint",
    entityId: id,
    version: was.version + 1,
    changes: { url: was.url },
    internal: true,
  });
}

/** Validates and normalises the URL. @throws DomainError invalid */
function checkedUrl(cx: UserCx, text: string): string {
  const problem = urlProblem(text, { allowPrivate: cx.services.config.ALLOW_PRIVATE_WEBHOOKS });
  if (problem) throw invalidField("url", "invalid_url", problem);
  const url = new URL(text);
  url.hash = "";
  if (url.href.length > 2000) throw invalidField("url", "too_long", "Must have at most 2000 characters");
  return url.href;
}
