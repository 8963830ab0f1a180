import { z } from "zod";
import { isEmptyAction, TicketAction } from "@/domain/tickets/actions/ticket_action.ts";
import { tags, Visibility } from "@/domain/shared/fields.ts";
import { STATUSES } from "@/domain/tickets/model/states.ts";
import { optional } from "@/domain/validation.ts";

/** A ticket never becomes new again. */
export const MACRO_STATUSES = STATUSES.filter((status) => status !== "new");

const { priority, categoryId, queueId, assigneeId, reason, note, comment } = TicketAction.shape;

/** Fields that aren't there stay as they are. */
export const MacroActions = z.object({
  priority,
  categoryId,
  queueId,
  assigneeId,
  addTags: tags.default([]),
  removeTags: tags.default([]),
  status: optional(z.enum(MACRO_STATUSES)),
  reason,
  /** Days to wait, for the reason scheduled. */
  waitDays: optional(z.coerce.number().int().min(1).max(365)),
  note,
  reply: comment,
  /** Without a default for a reply: one that forgets it must not be published. */
  replyVisibility: optional(Visibility),
}).superRefine((actions, check) => {
  const need = (field: string, message: string) => check.addIssue({ code: "custom", path: [field], message });
  if (actions.status === "resolved" && actions.note === undefined) need("note", "Enter how it was resolved");
  if (actions.status === "pending" && actions.reason === undefined) {
    need("reason", "Choose what it is waiting for");
  }
  if (actions.status === "pending" && actions.reason === "scheduled" && actions.waitDays === undefined) {
    need("waitDays", "Enter how many days it is waiting");
  }
  if (isEmptyAction({ ...actions, to: actions.status, comment: actions.reply })) {
    need("", "A macro must do something");
  }
  if (actions.reply !== undefined && actions.replyVisibility === undefined) {
    need("replyVisibility", "Must be public or internal");
  }
}).transform((actions) => ({ ...actions, replyVisibility: actions.replyVisibility ?? "public" as const }));

export type MacroActions = z.output<typeof MacroActions>;
