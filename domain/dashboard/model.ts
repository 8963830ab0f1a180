import type { Count, Named, Person } from "@/domain/shared/types.ts";
import type { MessageKind } from "@/domain/messages/messages.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";

/** What somebody needs to know first, by role; parts that aren't for the role are null. */
export interface Dashboard {
  /** RFC 3339. */
  madeAt: string;
  requests: Requests | null;
  work: Work | null;
  team: Team | null;
  health: Health | null;
}

/** A number, and the address of the list that has exactly these: a path of the pages, and below `/v1` of the API. */
export interface Figure extends Count {
  list: string;
}

/** What a requester takes part in. */
export interface Requests {
  open: Figure;
  pending: Figure;
  resolved: Figure;
  /** Active and resolved ones; those that wait for the requester first, then the last changed. */
  items: { ticket: TicketItem; nextStep: NextStep }[];
}

export interface NextStep {
  /** A sentence without a full stop. */
  text: string;
  /** Whose turn it is. */
  turn: "you" | "desk" | "nobody";
}

/** What an agent has to do. */
export interface Work {
  assigned: Figure;
  /** Assigned, and the requester's side spoke last. */
  needsReply: Figure;
  /** Assigned and active, with a target that was missed. */
  breached: Figure;
  unassigned: Figure;
  /** Assigned and active, by due time. */
  dueNext: TicketItem[];
  /** Of {@link needsReply}, the longest unchanged first. */
  waiting: TicketItem[];
  /** Active tickets without an assignee, the last changed first. */
  toTake: TicketItem[];
  /** Those that the agent is a member of. */
  queues: { queue: Named; active: Figure; unassigned: Figure }[];
}

/** Of one metric: met and breached in a week, and what part was met. */
export interface Attainment {
  /** First day, YYYY-MM-DD. */
  week: string;
  /** Percent; null when nothing ended. */
  attainment: number | null;
  met: Figure;
  breached: Figure;
}

/** How the organisation is doing. */
export interface Team {
  /** The week before, and this week so far. */
  firstResponse: [Attainment, Attainment];
  resolution: [Attainment, Attainment];
  breachedToday: { firstResponse: Figure; resolution: Figure };
  /** Active tickets with a target that was missed. */
  breached: Figure;
  /** Open tickets now, and at the end of each of the last 30 days; the last one is now. */
  backlog: Figure & { days: { day: string; open: number }[] };
  /** Open tickets by age: the parts of {@link backlog}. */
  ageing: (Figure & { name: string; label: string })[];
  /** Active agents by their active tickets, most first. */
  load: { agent: Person; active: Figure }[];
  /** How many agents have no room in {@link load}. */
  moreAgents: number;
  /** False while changes of tickets are still to be counted. */
  complete: boolean;
}

/** What an admin should look after. */
export interface Health {
  /** Whether a mail transport is set up. */
  delivers: boolean;
  deadLetters: Record<MessageKind, Figure>;
  jobs: {
    /** Other jobs that are no longer retried. */
    dead: Count;
    /** Since when the longest waiting job is due; null when none is. RFC 3339. */
    oldestDueAt: string | null;
  };
  webhooks: { endpoints: number; failing: number; disabled: number };
  facts: {
    /** Changed tickets that reports don't count yet. */
    behind: Count;
    /** When reports were last compared with the history of tickets. RFC 3339. */
    comparedAt: string | null;
    differences: number;
  };
}
