import { isDeepStrictEqual } from "node:util";
import { raw, type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "./cx.ts";
import { DomainError } from "./errors.ts";
import { record } from "./record.ts";
import type { Entity } from "./shared/entities.ts";

/** `true` where the audit log only says that the field changed. */
export type FieldChanges = Record<string, { from: unknown; to: unknown } | true>;

/** `bulky` fields come without their values. */
export function fieldChanges<Fields extends object>(
  before: Fields,
  after: Fields,
  bulky: readonly (keyof Fields)[] = [],
): FieldChanges {
  const changes: FieldChanges = {};
  for (const field of Object.keys(after) as (keyof Fields & string)[]) {
    const [from, to] = [before[field], after[field]];
    if (!isSame(from, to)) changes[field] = bulky.includes(field) ? true : { from, to };
  }
  return changes;
}

/** Compared as JSON: jsonb reorders keys. */
function isSame(a: unknown, b: unknown): boolean {
  const plain = (value: unknown) => value === undefined ? null : JSON.parse(JSON.stringify(value));
  return a === b || isDeepStrictEqual(plain(a), plain(b));
}

export interface Edited<Thing, Fields> {
  was: Thing;
  next: Fields;
  changes: FieldChanges;
  version: number;
}

type FieldInput<Fields> = { [Field in keyof Fields]?: Fields[Field] | undefined };

export interface VersionedEdit<Thing extends { id: string; version: number }, Fields extends object> {
  action: string | ((changes: FieldChanges) => string);
  entity: Entity;
  internal?: boolean;
  /** As the actor may see it; read again for the result. */
  read: () => Promise<Thing>;
  version: number;
  fields: (was: Thing) => Fields;
  /** A field that is undefined stays as it is. */
  input: FieldInput<Fields> | ((was: Thing) => FieldInput<Fields>);
  /** Fields whose values the audit log doesn't keep. */
  bulky?: readonly (keyof Fields)[];
  /** Refuses an edit before anything is written. */
  check?: (edit: Omit<Edited<Thing, Fields>, "version">) => Promise<unknown> | void;
  table: string;
  /** `name = …, description = …`; version and time are added. */
  set: (next: Fields, was: Thing) => Sql;
  /** Default: by tenant and id. */
  where?: (was: Thing) => Sql;
  /** Runs the update, for example inside `orNameTaken`. */
  save?: (update: () => Promise<number>) => Promise<number>;
  after?: (edited: Edited<Thing, Fields>) => Promise<unknown>;
  facts?: (edited: Edited<Thing, Fields>) => Record<string, unknown>;
  /** For an actor who may not be able to read it any more. */
  result?: (edited: Edited<Thing, Fields>) => Thing;
}

/**
 * @returns the thing after it; as it was, with the same version and nothing recorded, when nothing differs
 * @throws DomainError stale_version with the thing as it is now; and what `read`, `check` and `save` throw
 */
export async function editVersioned<Thing extends { id: string; version: number }, Fields extends object>(
  cx: UserCx,
  edit: VersionedEdit<Thing, Fields>,
): Promise<Thing> {
  const was = await edit.read();
  if (was.version !== edit.version) throw stale(was);
  const before = edit.fields(was);
  const next = { ...before };
  const input = typeof edit.input === "function" ? edit.input(was) : edit.input;
  for (const field of Object.keys(before) as (keyof Fields)[]) {
    const value = input[field];
    if (value !== undefined) next[field] = value;
  }
  const changes = fieldChanges(before, next, edit.bulky);
  if (Object.keys(changes).length === 0) return was;
  await edit.check?.({ was, next, changes });
  const row = edit.where?.(was) ?? sql`tenant_id = ${cx.tenant.id} and id = ${was.id}`;
  const update = () =>
    cx.db.run(
      sql`update ${raw(edit.table)} set ${edit.set(next, was)}, version = version + 1, updated_at = now()
      where ${row} and version = ${was.version}`,
    );
  if (await (edit.save ?? ((run) => run()))(update) === 0) throw stale(await edit.read());
  const edited = { was, next, changes, version: was.version + 1 };
  await Promise.all([
    edit.after?.(edited),
    record(cx, {
      action: typeof edit.action === "string" ? edit.action : edit.action(changes),
      entity: edit.entity,
      entityId: was.id,
      version: edited.version,
      changes: { ...changes, ...edit.facts?.(edited) },
      internal: edit.internal ?? false,
    }),
  ]);
  return edit.result?.(edited) ?? await edit.read();
}

function stale(current: unknown): DomainError {
  return new DomainError("stale_version", undefined, { current });
}

/** The first time of archiving stays. */
export function archivedAt(archived: boolean): Sql {
  return sql`case when ${archived}::boolean then coalesce(archived_at, now()) end`;
}
