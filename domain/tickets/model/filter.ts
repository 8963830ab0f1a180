import { z } from "zod";
import { PageOf } from "@/domain/shared/cursor.ts";
import { id, instant, line, optional, parse } from "@/domain/validation.ts";
import { TYPES } from "./formatting.ts";
import { PRIORITIES } from "./priority.ts";
import { STATUSES } from "./states.ts";

/** One, several, or an empty text for none. */
export function several<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) =>
      value === undefined || value === ""
        ? []
        : (Array.isArray(value) ? value : [value]).filter((v) => v !== ""),
    z.array(schema).max(20, "Must be at most 20 values").transform((list) => [...new Set(list)]),
  );
}

const none = z.literal("none");
const me = z.literal("me");

export const SLA_STATES = ["breached", "at_risk", "due"] as const;

/** Values of one filter are alternatives; several filters narrow the list down. */
export const TicketFilter = z.object({
  status: several(z.enum(STATUSES)),
  priority: several(z.enum(PRIORITIES)),
  type: several(z.enum(TYPES)),
  queueId: several(z.union([none, id])),
  assigneeId: several(z.union([me, none, id])),
  requesterId: several(z.union([me, id])),
  categoryId: several(id),
  tag: several(line(1, 40).transform((tag) => tag.toLowerCase())),
  /** `breached`: a target was missed; `at_risk`: 75% of the time has elapsed; `due`: a target is still to be met. */
  sla: several(z.enum(SLA_STATES)),
  /** Whether the requester's side spoke last, or nobody has answered yet, in a ticket that is worked on. */
  needsReply: several(z.preprocess(
    (value) => typeof value === "boolean" ? String(value) : value,
    z.enum(["true", "false"]),
  )),
  q: optional(line(1, 200)),
  updatedAfter: optional(instant),
});

export const SORTS = ["-created", "created", "-updated", "updated", "due", "-due"] as const;
export type Sort = (typeof SORTS)[number];

/** A minus sorts downwards. */
export const ListTickets = TicketFilter.partial().extend({
  sort: optional(z.enum(SORTS)),
  /** The request's own filters and order replace the view's; an empty filter lifts the view's. */
  view: optional(id),
  ...PageOf.shape,
});

export type Filter = z.output<typeof TicketFilter>;

export const NO_FILTER: Filter = parse(TicketFilter, {});

/** Whether it keeps no ticket out. */
export function isEmptyFilter(filter: Filter): boolean {
  return Object.values(filter).every((value) => value === undefined || value.length === 0);
}
