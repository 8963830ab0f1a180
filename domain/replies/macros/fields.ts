import { z } from "zod";
import { choice } from "@/domain/tickets/actions/ticket_action.ts";
import { body, tags } from "@/domain/shared/fields.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { PENDING_REASONS, STATUSES } from "@/domain/tickets/model/states.ts";
import { id, optional } from "@/domain/validation.ts";

/** Where a macro may take a ticket: nothing leads back to new. */
export const MACRO_STATUSES = STATUSES.filter((status) => status !== "new");

/** What a macro does; what isn't there stays as it is. */
export const MacroActions = z.object({
  priority: optional(z.enum(PRIORITIES)),
  categoryId: choice(id),
  queueId: choice(id),
  /** `me` is whoever applies it. */
  assigneeId: choice(z.union([z.literal("me"), id])),
  addTags: tags.default([]),
  removeTags: tags.default([]),
  status: optional(z.enum(MACRO_STATUSES)),
  /** What it waits for, where the status is pending. */
  reason: optional(z.enum(PENDING_REASONS)),
  /** For how many days it waits, where the reason is scheduled. */
  waitDays: optional(z.coerce.number().int().min(1).max(365)),
  /** The resolution note. */
  note: optional(body),
  reply: optional(body),
  replyVisibility: z.enum(["public", "internal"]).default("public"),
}).superRefine((actions, check) => {
  const need = (field: string, message: string) => check.addIssue({ code: "custom", path: [field], message });
  if (actions.status === "resolved" && actions.note === undefined) need("note", "Enter how it was resolved");
  if (actions.status === "pending" && actions.reason === undefined) {
    need("reason", "Choose what it is waiting for");
  }
  if (actions.status === "pending" && actions.reason === "scheduled" && actions.waitDays === undefined) {
    need("waitDays", "Enter how many days it is waiting");
  }
  const { addTags, removeTags, replyVisibility: _, reason: __, waitDays: ___, note: ____, ...steps } =
    actions;
  const idle = Object.values(steps).every((value) => value === undefined);
  if (idle && addTags.length === 0 && removeTags.length === 0) need("", "A macro must do something");
});

export type MacroActions = z.output<typeof MacroActions>;
