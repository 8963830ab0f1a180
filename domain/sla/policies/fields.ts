import { z } from "zod";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import type { PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { emptyAsNull, id, line, reference, version } from "@/domain/validation.ts";

/** One year. */
const MOST_MINUTES = 525_600;

const minutes = z.preprocess(
  (value) => value === "" || value === undefined ? null : value,
  z.coerce.number().int("Must be whole minutes").min(1, "Must be at least 1 minute")
    .max(MOST_MINUTES, "Must be at most 525,600 minutes (one year)").nullable(),
);

const byPriority = z.object({ low: minutes, medium: minutes, high: minutes, urgent: minutes });

/** Business minutes by priority for each clock; null or missing for no target. */
export const PolicyTargetsInput = z.object({ firstResponse: byPriority, resolution: byPriority })
  .superRefine((targets, context) => {
    const some = PRIORITIES.some((p) => targets.firstResponse[p] !== null || targets.resolution[p] !== null);
    if (!some) context.addIssue({ code: "custom", path: [], message: "Set at least one target" });
    for (const priority of PRIORITIES) {
      const [first, whole] = [targets.firstResponse[priority], targets.resolution[priority]];
      if (first !== null && whole !== null && first > whole) {
        context.addIssue({
          code: "custom",
          path: ["firstResponse", priority],
          message: "Must not be longer than the resolution target",
        });
      }
    }
  });

const name = line(1, 120).transform(wellFormed);
const type = emptyAsNull(z.enum(TYPES).nullable().optional());

export const CreatePolicy = z.object({
  name,
  calendarId: id,
  categoryId: reference,
  queueId: reference,
  type,
  targets: PolicyTargetsInput,
});

export const EditPolicy = z.object({
  version: version.optional(),
  name: name.optional(),
  calendarId: id.optional(),
  categoryId: reference,
  queueId: reference,
  type,
  targets: PolicyTargetsInput.optional(),
  archived: z.boolean().optional(),
  /** Whether open tickets follow the new version from now on. */
  applyToOpen: z.boolean().default(false),
});

/** The targets of a new organisation, for business days of eight hours. */
export const DEFAULT_TARGETS: PolicyTargets = {
  firstResponse: { urgent: 30, high: 60, medium: 240, low: 480 },
  resolution: { urgent: 240, high: 480, medium: 1440, low: 2400 },
};
