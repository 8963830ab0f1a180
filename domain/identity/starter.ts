import { sql } from "../../db/sql.ts";
import type { Cx } from "../cx.ts";

/** Where a new desk starts; every name can be changed or archived later. */
const QUEUE = { name: "Service desk", description: "Where requests arrive unless a category says otherwise" };
const CATEGORIES: [parent: string, children: string[]][] = [
  ["Hardware", ["Laptop or desktop", "Phone or tablet", "Printer", "Monitor and accessories"]],
  ["Software", ["Installation", "Licence", "Error or crash"]],
  ["Access", ["Password", "Permissions", "New account"]],
  ["Network", ["Wi-Fi", "VPN", "Internet"]],
  ["Other", []],
];

/** Gives a new organisation its first queue, with the admin in it, and categories that lead to it. */
export async function furnish(cx: Cx, adminId: string): Promise<void> {
  const parents = CATEGORIES.map(([parent]) => parent);
  const pairs = CATEGORIES.flatMap(([parent, children]) => children.map((child) => [parent, child] as const));
  // One statement: each part needs the ids of the one before.
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
