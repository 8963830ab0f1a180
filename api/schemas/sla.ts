import { z } from "@hono/zod-openapi";
import { LEDGER_KINDS, METRICS } from "@/domain/sla/clock/ledger.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { NamedSchema, SlaClockSchema } from "./tickets.ts";

const time = z.iso.datetime();
const minutes = z.number().int();

const ExplainedClockSchema = SlaClockSchema.extend({
  startedAt: time,
  breachedAt: time.nullable().openapi({
    description: "Time of the first breach. Later changes don't undo it",
  }),
  warnAt: time.nullable().openapi({ description: "When 75% of the target has elapsed or will have" }),
  minutesByQueue: z.array(z.object({ queue: NamedSchema.nullable(), minutes })),
}).openapi("ExplainedSlaClock");

const NamedVersionSchema = NamedSchema.extend({ version: z.number().int() }).openapi("NamedVersion");

const CountedSchema = z.object({
  minutes: minutes.openapi({ description: "Business minutes since the previous line" }),
  elapsedMinutes: minutes,
  targetMinutes: minutes.nullable(),
  state: SlaClockSchema.shape.state,
}).openapi("CountedMinutes");

const SlaLineSchema = z.object({
  at: time,
  kind: z.enum([...LEDGER_KINDS, "now"]),
  metric: z.enum(METRICS).nullable().openapi({ description: "Null if it affects both clocks" }),
  actor: NamedSchema.nullable(),
  rule: z.string().openapi({ example: "First public reply by staff" }),
  priority: z.enum(PRIORITIES),
  policy: NamedVersionSchema,
  calendar: NamedVersionSchema,
  queue: NamedSchema.nullable(),
  heldBy: NamedSchema.nullable().openapi({ description: "The queue it was in since the previous line" }),
  firstResponse: CountedSchema.nullable(),
  resolution: CountedSchema.nullable(),
}).openapi("SlaLine");

/** The clocks of a ticket, explained. */
export const SlaExplanationSchema = z.object({
  ticket: z.object({ id: z.uuid(), key: z.string() }),
  firstResponse: ExplainedClockSchema.nullable(),
  resolution: ExplainedClockSchema.nullable(),
  lines: z.array(SlaLineSchema),
}).openapi("SlaExplanation");
