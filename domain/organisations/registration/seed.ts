import { sql } from "@/db/sql.ts";
import { officeHours } from "@/domain/sla/calendars/fields.ts";
import type { Cx } from "@/domain/cx.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { DEFAULT_TARGETS } from "@/domain/sla/policies/fields.ts";
import { SEED_CATALOG_ITEMS } from "./seed_catalog.ts";

const QUEUE = {
  name: "Service desk",
  description: "Where requests arrive unless their category has another queue",
};
const CALENDAR = "Office hours";
const POLICY = "Standard";
const CATEGORIES: [parent: string, children: string[]][] = [
  ["Hardware", ["Laptop or desktop", "Phone or tablet", "Printer", "Monitor and accessories"]],
  ["Software", ["Installation", "Licence", "Error or crash"]],
  ["Access", ["Password", "Permissions", "New account"]],
  ["Network", ["Wi-Fi", "VPN", "Internet"]],
  ["Other", []],
];

export async function seedOrganisation(
  cx: Cx,
  { adminId, timeZone }: { adminId: string; timeZone: string },
): Promise<void> {
  await inOrder(cx.db, [
    () => addQueueAndCategories(cx, adminId),
    () =>
      cx.db.run(
        sql`update tenants set default_queue_id = (select id from queues where tenant_id = ${cx.tenant.id})
        where id = ${cx.tenant.id}`,
      ),
    () => addCatalog(cx),
    () => addSlaPolicy(cx, timeZone),
  ]);
}

async function addQueueAndCategories(cx: Cx, adminId: string): Promise<void> {
  const parents = CATEGORIES.map(([parent]) => parent);
  const pairs = CATEGORIES.flatMap(([parent, children]) => children.map((child) => [parent, child] as const));
  await cx.db.run(sql`
    with queue as (
      insert into queues (tenant_id, name, description) values (${cx.tenant.id}, ${QUEUE.name}, ${QUEUE.description})
      returning id
    ), member as (
      insert into queue_members (tenant_id, queue_id, user_id) select ${cx.tenant.id}, id, ${adminId} from queue
    ), parents as (
      insert into categories (tenant_id, name, queue_id)
      select ${cx.tenant.id}, name, queue.id from queue, unnest(${parents}::text[]) as name returning id, name
    )
    insert into categories (tenant_id, parent_id, name, queue_id)
    select ${cx.tenant.id}, parents.id, pair.name, queue.id
    from queue, parents, unnest(${pairs.map(([p]) => p)}::text[], ${pairs.map(([, c]) => c)}::text[])
      as pair (parent, name)
    where parents.name = pair.parent`);
}

async function addCatalog(cx: Cx): Promise<void> {
  await cx.db.run(
    sql`insert into catalog_items (tenant_id, name, section, icon, description, fields, category_id, position)
    select ${cx.tenant.id}, i.name, i.section, i.icon, i.description, i.fields, c.id, i.at - 1
    from rows from (jsonb_to_recordset(${JSON.stringify(SEED_CATALOG_ITEMS)}::jsonb)
        as (name text, section text, icon text, description text, category text, fields jsonb)) with ordinality
      as i (name, section, icon, description, category, fields, at)
    left join categories c on c.tenant_id = ${cx.tenant.id} and c.name = i.category`,
  );
}

async function addSlaPolicy(cx: Cx, timeZone: string): Promise<void> {
  const hours = JSON.stringify(officeHours(timeZone));
  await cx.db.run(sql`
    with calendar as (
      insert into calendars (tenant_id, name) values (${cx.tenant.id}, ${CALENDAR}) returning id, name
    ), hours as (
      insert into calendar_versions (tenant_id, calendar_id, version, name, definition)
      select ${cx.tenant.id}, id, 1, name, ${hours} from calendar
    ), policy as (
      insert into sla_policies (tenant_id, name, calendar_id) select ${cx.tenant.id}, ${POLICY}, id from calendar
      returning id, name, calendar_id
    )
    insert into sla_policy_versions (tenant_id, policy_id, version, name, calendar_id, targets)
    select ${cx.tenant.id}, id, 1, name, calendar_id, ${JSON.stringify(DEFAULT_TARGETS)} from policy`);
}
