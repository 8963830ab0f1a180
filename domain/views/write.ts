import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { record } from "@/domain/record.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { line, version } from "@/domain/validation.ts";
import { compact, ViewFilter, viewSort } from "./filter.ts";
import { getView, type View } from "./read.ts";

const name = line(1, 80).transform(wellFormed);
/** A form sends a ticked box as "on". */
const flag = z.preprocess((value) => value === "on" ? true : value, z.boolean());

export const CreateView = z.object({
  name,
  shared: flag.default(false),
  filter: ViewFilter,
  sort: viewSort,
});

export const EditView = z.object({
  version: version.optional(),
  name: name.optional(),
  shared: flag.optional(),
  filter: ViewFilter.optional(),
  sort: viewSort.unwrap().optional(),
});

/** More views than this are no help to find anything. */
const MOST_OWN = 200;

/**
 * Keeps a list under a name.
 *
 * @throws DomainError forbidden for a requester that shares, conflict when the actor has a view of that name or too many
 */
export async function createView(cx: UserCx, input: z.output<typeof CreateView>): Promise<View> {
  assertMayShare(cx, input.shared);
  const [viewId, own] = await Promise.all([
    newId(cx),
    cx.db.first<{ count: number }>(sql`select count(*) from views
      where tenant_id = ${cx.tenant.id} and owner_id = ${cx.actor.id}`),
  ]);
  if (own!.count >= MOST_OWN) {
    throw new DomainError("conflict", `You have ${MOST_OWN} views: delete one first`);
  }
  await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`insert into views (tenant_id, id, owner_id, name, shared, filter, sort)
      values (${cx.tenant.id}, ${viewId}, ${cx.actor.id}, ${input.name}, ${input.shared},
        ${JSON.stringify(compact(input.filter))}, ${input.sort})`),
  );
  const [, view] = await Promise.all([
    record(cx, {
      action: "view.created",
      entity: "view",
      entityId: viewId,
      version: 1,
      changes: { name: input.name, shared: input.shared },
    }),
    getView(cx, viewId),
  ]);
  return view;
}

/**
 * Changes a view's name, filter, order, or whether it is shared. Its owner may; managers a shared one.
 *
 * @throws DomainError not_found, forbidden, stale_version, or conflict when its owner has another of that name
 */
export async function editView(
  cx: UserCx,
  input: Omit<z.output<typeof EditView>, "version"> & { id: string; version: number },
): Promise<View> {
  const was = await getView(cx, input.id);
  assertMayEdit(was);
  if (was.version !== input.version) throw new DomainError("stale_version", undefined, { current: was });
  assertMayShare(cx, input.shared ?? false);
  const { name = was.name, shared = was.shared, sort = was.sort } = input;
  const filter = input.filter ? compact(input.filter) : was.filter;
  const next = { name, shared, sort, filter };
  const fields = (["name", "shared", "sort", "filter"] as const)
    .filter((field) => JSON.stringify(was[field]) !== JSON.stringify(next[field]));
  if (fields.length === 0) return was;
  const updated = await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`update views set name = ${name}, shared = ${shared}, sort = ${sort},
        filter = ${JSON.stringify(filter)}, version = version + 1, updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${was.id} and version = ${was.version}`),
  );
  if (updated === 0) {
    throw new DomainError("stale_version", undefined, { current: await getView(cx, was.id) });
  }
  await record(cx, {
    action: "view.edited",
    entity: "view",
    entityId: was.id,
    version: was.version + 1,
    changes: Object.fromEntries(fields.map((field) => [field, { from: was[field], to: next[field] }])),
  });
  // A manager that takes a view back from everybody doesn't see it any more.
  return { ...was, ...next, version: was.version + 1, updatedAt: cx.now };
}

/** Deletes a view: its owner, or a manager a shared one. @throws DomainError not_found, forbidden */
export async function deleteView(cx: UserCx, id: string): Promise<void> {
  const view = await getView(cx, id);
  assertMayEdit(view);
  await Promise.all([
    cx.db.run(sql`delete from views where tenant_id = ${cx.tenant.id} and id = ${view.id}`),
    record(cx, { action: "view.deleted", entity: "view", entityId: view.id, changes: { name: view.name } }),
  ]);
}

function assertMayEdit({ editable, owner }: View): void {
  if (!editable) throw new DomainError("forbidden", `Only ${owner.name} can change this view`);
}

function assertMayShare(cx: UserCx, shared: boolean): void {
  if (shared && !isStaff(cx.actor.role)) {
    throw new DomainError("forbidden", "Only the help desk can share views");
  }
}
