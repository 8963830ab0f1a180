import { NONE } from "@/domain/tickets/access/visibility.ts";
import { ACTIVE, type Status } from "@/domain/tickets/model/states.ts";
import { type StayFact, timeOf } from "./fact_rows.ts";
import type { Step, TicketHistory, TicketState } from "./history.ts";

/** How a ticket was from a time on, until the next one. */
export interface Moment {
  at: number;
  status: Status;
  queueKey: string;
  assigneeKey: string;
}

/** From its creation to how it is now; times never go back. */
export function timelineOf({ ticket, steps }: Pick<TicketHistory, "ticket" | "steps">): Moment[] {
  let now: Moment = {
    at: ticket.createdAt,
    status: steps.find(({ status }) => status)?.status?.from ?? ticket.status,
    queueKey: firstOf(steps, "queue") ?? ticket.queueKey,
    assigneeKey: firstOf(steps, "assignee") ?? ticket.assigneeKey,
  };
  const moments = [now];
  const become = (at: number, next: Omit<Moment, "at">) => {
    if (isSame(now, next)) return;
    now = { ...next, at: Math.max(at, now.at) };
    moments.push(now);
  };
  for (const { at, status, queue, assignee } of steps) {
    become(at, {
      status: status?.to ?? now.status,
      queueKey: queue?.to ?? now.queueKey,
      assigneeKey: assignee?.to ?? now.assigneeKey,
    });
  }
  // The row is right: whatever the log doesn't tell happened by its last change.
  become(lastChange(ticket, now), ticket);
  return moments;
}

/** What it was at first, as the log tells by what it says of the creation, or of the first change. */
function firstOf(steps: readonly Step[], field: "queue" | "assignee"): string | undefined {
  const first = steps.find((step) => step[field])?.[field];
  return first && (first.from ?? first.to);
}

function isSame(a: Omit<Moment, "at">, b: Omit<Moment, "at">): boolean {
  return a.status === b.status && a.queueKey === b.queueKey && a.assigneeKey === b.assigneeKey;
}

function lastChange(ticket: TicketState, { status }: Moment): number {
  const ended = ticket.status === "resolved" ? ticket.resolvedAt : ticket.closedAt;
  return ticket.status !== status && ended !== null ? ended : ticket.updatedAt;
}

/** Who or what has the ticket while it is active; null while nobody has. */
const HOLDERS: Readonly<Record<StayFact["kind"], (moment: Moment) => string | null>> = {
  status: ({ status }) => status,
  queue: ({ queueKey }) => queueKey,
  agent: ({ assigneeKey }) => assigneeKey === NONE ? null : assigneeKey,
};

export function isActive({ status }: Moment): boolean {
  return ACTIVE.includes(status);
}

/** The times in which it was active, cut by one of the three. */
export function staysOf(
  { id, createdAt }: TicketState,
  kind: StayFact["kind"],
  moments: readonly Moment[],
): StayFact[] {
  const stays: StayFact[] = [];
  const holderOf = (moment: Moment | undefined) => moment && isActive(moment) ? HOLDERS[kind](moment) : null;
  let open: StayFact | null = null;
  moments.forEach((moment, i) => {
    const before = moments[i - 1];
    const holder = holderOf(moment);
    if (before && holder === holderOf(before)) return;
    if (open) {
      open.to_at = timeOf(moment.at);
      open.ended = isActive(moment) ? "moved" : moment.status as NonNullable<StayFact["ended"]>;
    }
    open = holder === null ? null : {
      id,
      kind,
      position: stays.length,
      status: kind === "status" ? holder : null,
      holder: kind === "status" ? null : holder,
      from_at: timeOf(moment.at),
      to_at: timeOf(Infinity),
      began: before === undefined ? "created" : isActive(before) ? "moved" : "reopened",
      ended: null,
      created_at: timeOf(createdAt),
    };
    if (open) stays.push(open);
  });
  return stays;
}

/** How many queues it has been in, active or not; one that it came back to counts again. */
export function queuesOf(moments: readonly Moment[]): number {
  return moments.filter(({ queueKey }, i) => queueKey !== NONE && queueKey !== moments[i - 1]?.queueKey)
    .length;
}
