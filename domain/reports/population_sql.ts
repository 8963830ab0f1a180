import { empty, join, type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { ticketVisibility } from "@/domain/permissions.ts";
import { NONE, visibleToActor } from "@/domain/tickets/access/visibility.ts";
import type { Population } from "./definitions/report.ts";
import type { DimensionName } from "./model/names.ts";
import type { Scope } from "./scope.ts";

/** What a row is about. @param of whose own queue and agent come before those of the ticket */
export function keyOf(of: Population, by: DimensionName, scope: Pick<Scope, "starts">): Sql {
  if (by === "time") {
    return sql`width_bucket(${"at" in of ? of.at : of.from}, ${scope.starts}::timestamptz[])`;
  }
  return by === "queue" || by === "agent" ? holderOf(of, by) : COLUMNS[by];
}

const COLUMNS: Readonly<Record<Exclude<DimensionName, "time" | "queue" | "agent">, Sql>> = {
  category: sql`coalesce(t.category_id, ${NONE}::uuid)`,
  item: sql`coalesce(t.item_id, ${NONE}::uuid)`,
  policy: sql`coalesce(t.policy_id, ${NONE}::uuid)`,
  priority: sql`t.priority`,
  type: sql`t.type`,
  source: sql`t.source`,
  queues: sql`t.queues`,
};

export function holderOf(of: Population, by: "queue" | "agent"): Sql {
  return of.keys?.[by] ?? (by === "queue" ? sql`t.queue_key` : sql`t.assignee_key`);
}

/** Tables of a population: the ticket is joined where something asks about it. @param asked what else the statement says */
export function sourceOf(of: Population, asked: readonly Sql[], cx: UserCx, scope: Scope): Sql {
  if (!of.facts) return sql`report_tickets t`;
  const facts = FACTS[of.facts];
  const conditions = [...asked, conditionsOf(cx, of, scope)];
  return conditions.some(({ sql: text }) => /\bt\./.test(text))
    ? sql`${facts} f join report_tickets t on t.tenant_id = f.tenant_id and t.id = f.id`
    : sql`${facts} f`;
}

const FACTS: Readonly<Record<NonNullable<Population["facts"]>, Sql>> = {
  report_stays: sql`report_stays`,
  report_acts: sql`report_acts`,
  report_breaches: sql`report_breaches`,
};

/** Organisation, what the actor may see, the population's own condition and the report's filter. */
export function conditionsOf(cx: UserCx, of: Population, { filter, categoryIds }: Scope): Sql {
  const { queueId, assigneeId, priority, type, source, tag } = filter;
  const ids = (list: readonly string[]) => list.map((id) => id === "none" ? NONE : id);
  return sql`${of.facts ? sql`f` : sql`t`}.tenant_id = ${cx.tenant.id} ${
    of.where ? sql`and ${of.where}` : empty
  } ${ticketVisibility(cx.tenant, cx.actor).kind === "all" ? empty : visibleToActor(cx)} ${
    join([
      among(() => holderOf(of, "queue"), ids(queueId), sql`uuid[]`),
      among(() => holderOf(of, "agent"), ids(assigneeId), sql`uuid[]`),
      among(() => COLUMNS.category, ids(categoryIds), sql`uuid[]`),
      among(() => COLUMNS.priority, priority, sql`text[]`),
      among(() => COLUMNS.type, type, sql`text[]`),
      among(() => COLUMNS.source, source, sql`text[]`),
      tag.length === 0 ? empty : sql`and exists (select 1 from ticket_tags g
        where g.tenant_id = t.tenant_id and g.ticket_id = t.id and g.tag = any(${tag}::text[]))`,
    ], " ")
  }`;
}

function among(column: () => Sql, list: readonly string[], type: Sql): Sql {
  return list.length === 0 ? empty : sql`and ${column()} = any(${list}::${type})`;
}
