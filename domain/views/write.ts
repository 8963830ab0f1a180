import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { editVersioned } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { formBoolean, line, version } from "@/domain/validation.ts";
import { ViewFilter, viewSort, withoutEmpty } from "./filter.ts";
import { getView, type View } from "./read.ts";

const name = line(1, 80).transform(wellFormed);

export const CreateView = z.object({
  name,
  shared: formBoolean.default(false),
  filter: ViewFilter,
  sort: viewSort,
});

export const EditView = z.object({
  version: version.optional(),
  name: name.optional(),
  shared: formBoolean.optional(),
  filter: ViewFilter.optional(),
  sort: viewSort.unwrap().optional(),
});

const MOST_OWN = 200;

/** @throws DomainError forbidden for a requester who shares it; conflict for a second view of that name, or too many */
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
        ${JSON.stringify(withoutEmpty(input.filter))}, ${input.sort})`),
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

/** @throws DomainError not_found, forbidden, stale_version, or conflict when its owner has another of that name */
export async function editView(
  cx: UserCx,
  input: Omit<z.output<typeof EditView>, "version"> & { id: string; version: number },
): Promise<View> {
  const filter = input.filter && withoutEmpty(input.filter);
  return await editVersioned(cx, {
    action: "view.edited",
    entity: "view",
    read: async () => {
      const view = await getView(cx, input.id);
      assertMayEdit(view);
      return view;
    },
    version: input.version,
    fields: ({ name, shared, sort, filter }) => ({ name, shared, sort, filter }),
    input: { ...input, filter },
    check: () => assertMayShare(cx, input.shared ?? false),
    table: "views",
    set: (next) =>
      sql`name = ${next.name}, shared = ${next.shared}, sort = ${next.sort},
        filter = ${JSON.stringify(next.filter)}`,
    save: (update) => orNameTaken(cx, update),
    // A manager who stops sharing somebody else's view can't read it any more.
    result: ({ was, next, version }) => ({ ...was, ...next, version, updatedAt: cx.now }),
  });
}

/** @throws DomainError not_found, forbidden unless it is the actor's, or shared and the actor a manager */
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
