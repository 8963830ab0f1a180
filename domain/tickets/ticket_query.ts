import { empty, join, raw, type Sql, sql } from "@/db/sql.ts";
import { isStaff, ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { END, type Position, START } from "@/domain/shared/cursor.ts";
import { NONE, visibleToActor } from "./access/visibility.ts";
import type { Filter, Sort } from "./model/filter.ts";
import {
  type Changes,
  filterCondition,
  isBreached,
  isRunning,
  replyStatuses,
  runningStatuses,
  slaCondition,
  statusesOf,
  TICKET_TIMES,
} from "./ticket_conditions.ts";

/** Beyond so many, ranges are read one by one and sorted. */
const MOST_MERGED = 32;

export interface TicketQuery {
  filter: Filter;
  sort: Sort;
  after?: Position | undefined;
  /** For every range, null for all; part of the statement, so that the planner knows it. */
  cap: 101 | 250 | 1001 | 4000 | null;
  numbers?: number[] | undefined;
  /** Before which changes count, for who follows them: from `changesEnd`. */
  until?: string | undefined;
}

interface Order {
  by: keyof typeof TICKET_TIMES;
  direction: Sql;
  beyond: Sql;
  after: Position;
}

/**
 * The matching tickets that the actor may see, as a subquery: all columns of the ticket, in the order of `sort_at`
 * and `id`, read lazily.
 *
 * Row security and a LIMIT need an index range in the order of the list, which an OR or ANY would lose. So the filter
 * becomes ranges (a status, an assignee in a status, …) that PostgreSQL merges, in few different statements.
 */
export function ticketQuery(cx: UserCx, { filter, sort, after, cap, numbers, until }: TicketQuery): Sql {
  const changes = changesFor(cx, until);
  const order: Order = {
    by: sort.endsWith("due") && isBreached(filter)
      ? "breach"
      : until !== undefined && sort.endsWith("updated")
      ? changes.by
      : sort.replace("-", "") as "created" | "updated" | "due",
    direction: sort.startsWith("-") ? sql`desc` : sql`asc`,
    beyond: sort.startsWith("-") ? sql`<` : sql`>`,
    after: after ?? (sort.startsWith("-") ? END : START),
  };
  const branches = new Ranges(cx, resolved(cx, filter), { order, cap, numbers, changes }).all();
  return sql`(select * from (${join(branches, " union all ")}) merged ${orderBy(order)})`;
}

/** Requesters must not learn of an internal note by the ticket that it changes. */
function changesFor(cx: UserCx, until: string | undefined): Changes {
  return { by: isStaff(cx.actor.role) ? "changed" : "public_changed", until };
}

export function orderBySort(sort: Sort): Sql {
  return sort.startsWith("-") ? sql`order by sort_at desc, id desc` : sql`order by sort_at, id`;
}

function orderBy({ direction }: Order): Sql {
  return sql`order by sort_at ${direction}, id ${direction}`;
}

/** `me` and `none` become ids, each once: a range read twice would give its tickets twice. */
function resolved(cx: UserCx, filter: Filter): Filter {
  const ids = (list: string[]) => [
    ...new Set(list.map((id) => id === "me" ? cx.actor.id : id === "none" ? NONE : id)),
  ];
  return {
    ...filter,
    // Only running clocks are at risk or due.
    status: isRunning(filter) ? runningStatuses(filter) : replyStatuses(filter),
    queueId: ids(filter.queueId),
    assigneeId: ids(filter.assigneeId),
    requesterId: ids(filter.requesterId),
  };
}

type Key = "assignee_key" | "queue_key";

class Ranges {
  readonly #me: string;
  readonly #scope;
  /** Whether there is a filter that no range covers. */
  readonly #rest: boolean;

  constructor(
    readonly cx: UserCx,
    readonly filter: Filter,
    readonly how: { order: Order; cap: number | null; numbers?: number[] | undefined; changes: Changes },
  ) {
    this.#me = cx.actor.id;
    this.#scope = ticketVisibility(cx.tenant, cx.actor);
    const { priority, type, categoryId, tag, needsReply, updatedAfter } = filter;
    const { requesterId, assigneeId, queueId } = filter;
    const driving = [requesterId, assigneeId, queueId].filter((list) => list.length > 0).length;
    this.#rest = driving > 1 || updatedAfter !== undefined ||
      [priority, type, categoryId, tag, needsReply].some((list) => list.length > 0) ||
      this.#scope.kind !== "all" && driving > 0;
  }

  all(): Sql[] {
    const { filter } = this;
    if (this.how.numbers) return [this.#numbered(this.how.numbers)];
    const scope = this.#scope;
    if (scope.kind === "own") return [this.#taken(this.#me, {})];
    // Whoever follows changes asks for the latest: one range has them all, in their order.
    if (this.how.order.by === "changed") return [this.#range(sql`true`, { visible: true, rest: true })];
    if (filter.requesterId.length > 0) return this.#raisedBy(filter.requesterId);
    if (this.how.order.by === "breach") return this.#breached();
    if (scope.kind === "confined") return this.#confined([...scope.queueIds, NONE]);
    if (filter.assigneeId.length > 0) return this.#by("assignee_key", filter.assigneeId);
    if (filter.queueId.length > 0) return this.#by("queue_key", filter.queueId);
    // No index has all tickets by due time.
    if (filter.status.length > 0 || this.how.order.by === "due") {
      return statusesOf(filter).map((status) => this.#range(sql`t.status = ${status}`, { status: true }));
    }
    return [this.#range(sql`true`, { status: true })];
  }

  #raisedBy(ids: string[]): Sql[] {
    return ids.map((id) => this.#taken(id, { raised: true, visible: id !== this.#me }));
  }

  /** Own queues and none, then what is theirs elsewhere. The parts share no ticket. */
  #confined(queues: string[]): Sql[] {
    const { assigneeId, queueId } = this.filter;
    if (assigneeId.length === 1 && assigneeId[0] === this.#me) return this.#by("assignee_key", [this.#me]);
    const wanted = queueId.length > 0 ? queues.filter((id) => queueId.includes(id)) : queues;
    const elsewhere = sql`and t.queue_key <> all(${queues}::uuid[])`;
    return [
      ...this.#by("queue_key", wanted),
      ...this.#by("assignee_key", [this.#me], elsewhere),
      this.#taken(this.#me, { and: sql`${elsewhere} and t.assignee_key <> ${this.#me}` }),
    ];
  }

  #by(key: Key, values: string[], and: Sql = empty): Sql[] {
    const statuses = statusesOf(this.filter);
    const column = key === "assignee_key" ? sql`t.assignee_key` : sql`t.queue_key`;
    if (values.length * statuses.length > MOST_MERGED) {
      return [this.#each(column, [values, [...statuses]], and)];
    }
    return values.flatMap((value) =>
      statuses.map((status) =>
        this.#range(sql`${column} = ${value} and t.status = ${status} ${and}`, { status: true })
      )
    );
  }

  /** By the first breach: an index has these alone. */
  #breached(): Sql[] {
    const { assigneeId, queueId } = this.filter;
    const rest = this.#rest || assigneeId.length + queueId.length > 0;
    return statusesOf(this.filter).map((status) =>
      this.#range(sql`t.status = ${status}`, { status: true, visible: true, rest })
    );
  }

  #each(column: Sql, [values, statuses]: [string[], string[]], and: Sql): Sql {
    const { order, cap } = this.how;
    const range = this.#range(sql`${column} = v.value and t.status = s.status ${and}`, { status: true });
    return sql`(select one.* from unnest(${values}::uuid[]) v(value) cross join unnest(${statuses}::text[]) s(status)
      cross join lateral ${range} one ${orderBy(order)} limit ${raw(String(cap))})`;
  }

  #numbered(numbers: number[]): Sql {
    const { order, cap } = this.how;
    const range = this.#range(sql`t.number = n.number`, { visible: true, rest: true });
    return sql`(select one.* from unnest(${numbers}::bigint[]) n(number) cross join lateral ${range} one
      ${orderBy(order)} limit ${raw(String(cap))})`;
  }

  #range(condition: Sql, { status = false, visible = false, rest = this.#rest }): Sql {
    const { cx, how: { order, cap } } = this;
    const at = TICKET_TIMES[order.by];
    return sql`(select t.*, ${at} as sort_at from tickets t where t.tenant_id = ${cx.tenant.id} and ${condition}
      and (${at}, t.id) ${order.beyond} (${order.after.at}::timestamptz, ${order.after.id}::uuid)
      ${slaCondition(this.filter)} ${visible ? visibleToActor(this.cx) : empty} ${
      rest ? filterCondition(this.filter, { status: !status, changes: this.how.changes }) : empty
    }
      order by ${at} ${order.direction}, t.id ${order.direction} limit ${raw(String(cap))})`;
  }

  #taken(userId: string, { raised = false, visible = false, and = empty }): Sql {
    const { cx, how: { order, cap } } = this;
    // Nobody takes part in so many that due times would need an index.
    const at = order.by === "created"
      ? sql`p.created_at`
      : order.by === "updated"
      ? sql`p.updated_at`
      : TICKET_TIMES[order.by];
    const statuses = this.filter.status.length > 0 ? this.filter.status : null;
    const onlyRaised = raised ? sql`and p.kind = 'requester'` : empty;
    return sql`(select t.*, ${at} as sort_at from ticket_participants p
        join tickets t on t.tenant_id = p.tenant_id and t.id = p.ticket_id
      where p.tenant_id = ${cx.tenant.id} and p.user_id = ${userId} ${onlyRaised}
        and (${at}, p.ticket_id) ${order.beyond} (${order.after.at}::timestamptz, ${order.after.id}::uuid) ${and} ${
      slaCondition(this.filter)
    }
        ${visible ? visibleToActor(this.cx) : empty} ${
      this.#rest ? filterCondition(this.filter, { status: false, changes: this.how.changes }) : empty
    }
        and (${statuses}::text[] is null or p.status = any(${statuses}::text[]))
      order by ${at} ${order.direction}, p.ticket_id ${order.direction} limit ${raw(String(cap))})`;
  }
}
