import { join, type Sql, sql } from "@/db/sql.ts";
import type { Entity } from "@/domain/shared/entities.ts";
import { KEY_PREFIX } from "@/domain/tickets/model/formatting.ts";

const NAMES: Record<Entity, Sql | null> = {
  ticket: sql`case x.type when 'incident' then ${KEY_PREFIX.incident}::text
    else ${KEY_PREFIX.service_request}::text end || x.number from tickets x`,
  user: sql`x.name from users x`,
  queue: sql`x.name from queues x`,
  category: sql`x.name from categories x`,
  tenant: null,
  session: null,
  invitation: sql`x.email from invitations x`,
  calendar: sql`x.name from calendars x`,
  sla_policy: sql`x.name from sla_policies x`,
  catalog_item: sql`x.name from catalog_items x`,
  attachment: sql`x.name from attachments x`,
  canned_reply: sql`x.title from canned_replies x`,
  macro: sql`x.name from macros x`,
  view: sql`x.name from views x`,
  saved_report: sql`x.name from saved_reports x`,
  message: null,
  suppressed_address: sql`x.email_key from suppressed_addresses x`,
  webhook_endpoint: sql`x.url from webhook_endpoints x`,
};

/** The name in the entry itself; an edit has it as `{ from, to }`. */
const RECORDED = join(
  ["name", "title", "email", "url"].map((field) =>
    sql`case jsonb_typeof(a.changes -> ${field}::text) when 'string' then a.changes ->> ${field}::text
      when 'object' then a.changes -> ${field}::text ->> 'to' end`
  ),
);

/** What audit entry `a` is about: its current name, else the recorded one, else null. One look-up by key each. */
export function nameOfEntity(tenant: { id: string; name: string }): Sql {
  const lookups = Object.entries(NAMES).flatMap(([entity, name]) =>
    name === null ? [] : [
      sql`when ${entity}::text then (select ${name} where x.tenant_id = ${tenant.id} and x.id = a.entity_id)`,
    ]
  );
  return sql`coalesce(case a.entity when 'tenant' then ${tenant.name}::text ${
    join(lookups, " ")
  } end, ${RECORDED})`;
}
