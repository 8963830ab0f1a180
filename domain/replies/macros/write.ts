import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { archivedAt, editVersioned } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { formBoolean, line, version } from "@/domain/validation.ts";
import { assertUsable } from "@/domain/tickets/actions/ticket_action.ts";
import { MacroActions } from "./fields.ts";
import { getMacro, type Macro } from "./read.ts";

const name = line(1, 120).transform(wellFormed);
const description = line(0, 500).transform(wellFormed);

export const CreateMacro = z.object({ name, description: description.default(""), actions: MacroActions });

/** `actions` are replaced as a whole. */
export const EditMacro = z.object({
  version: version.optional(),
  name: name.optional(),
  description: description.optional(),
  actions: MacroActions.optional(),
  archived: formBoolean.optional(),
});

/** @throws DomainError forbidden, conflict when the name is taken, or invalid for an id that can't be used */
export async function createMacro(cx: UserCx, input: z.output<typeof CreateMacro>): Promise<Macro> {
  assertRole(cx, MANAGERS);
  const [id] = await Promise.all([newId(cx), assertUsable(cx, input.actions, { path: "actions" })]);
  await orNameTaken(cx, () =>
    cx.db.run(sql`insert into macros (tenant_id, id, name, description, actions)
      values (${cx.tenant.id}, ${id}, ${input.name}, ${input.description}, ${
      JSON.stringify(input.actions)
    })`));
  const [, macro] = await Promise.all([
    record(cx, {
      action: "macro.created",
      entity: "macro",
      entityId: id,
      version: 1,
      changes: { name: input.name },
      internal: true,
    }),
    getMacro(cx, id),
  ]);
  return macro;
}

/** @throws DomainError forbidden, not_found, stale_version, conflict for the name, or invalid for a new id */
export async function editMacro(
  cx: UserCx,
  input: Omit<z.output<typeof EditMacro>, "version"> & { id: string; version: number },
): Promise<Macro> {
  assertRole(cx, MANAGERS);
  return await editVersioned(cx, {
    action: "macro.edited",
    entity: "macro",
    internal: true,
    read: () => getMacro(cx, input.id),
    version: input.version,
    fields: ({ name, description, actions, archived }) => ({ name, description, actions, archived }),
    input,
    bulky: ["actions"],
    // What it names already may stay: applying it says that it can't be used.
    check: ({ was, next }) => assertUsable(cx, next.actions, { path: "actions", was: was.actions }),
    table: "macros",
    set: (next) =>
      sql`name = ${next.name}, description = ${next.description}, actions = ${JSON.stringify(next.actions)},
        archived_at = ${archivedAt(next.archived)}`,
    save: (update) => orNameTaken(cx, update),
  });
}
