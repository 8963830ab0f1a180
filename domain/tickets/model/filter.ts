import { z } from "zod";
import { PageOf } from "@/domain/shared/cursor.ts";
import { id, instant, line, optional } from "@/domain/validation.ts";
import { TYPES } from "./formatting.ts";
import { PRIORITIES } from "./priority.ts";
import { STATUSES } from "./states.ts";

/** Values of one filter: repeated in a query, empty where a form leaves it. */
function several<S extends z.ZodType>(schema: S) {
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

/** What of a ticket's service level a list can be cut to. */
export const SLA_STATES = ["breached", "at_risk", "due"] as const;

/** What a list of tickets is cut to. Values of one filter are alternatives; filters add up. */
export const TicketFilter = z.object({
  status: several(z.enum(STATUSES)),
  priority: several(z.enum(PRIORITIES)),
  type: several(z.enum(TYPES)),
  queueId: several(z.union([none, id])),
  assigneeId: several(z.union([me, none, id])),
  requesterId: several(z.union([me, id])),
  categoryId: several(id),
  tag: several(line(1, 40).transform((tag) => tag.toLowerCase())),
  /**
   * `breached`: a target was missed, whatever came then; `at_risk`: three quarters of one that can be kept are used up;
   * `due`: the next clock that runs is due later, those at risk among them.
   */
  sla: several(z.enum(SLA_STATES)),
  q: optional(line(1, 200)),
  updatedAfter: optional(instant),
});

export const SORTS = ["-created", "created", "-updated", "updated", "due", "-due"] as const;
export type Sort = (typeof SORTS)[number];

/** A list of tickets: filters, order (a minus sorts downwards) and page. */
export const ListTickets = TicketFilter.extend({
  sort: optional(z.enum(SORTS)),
  /** A saved view, whose filter and order hold where the request says nothing of its own. */
  view: optional(id),
  ...PageOf.shape,
});

export type Filter = z.output<typeof TicketFilter>;
