import { PENDING_LABELS, PRIORITY_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { MacroActions } from "./fields.ts";

export type MacroNames = ReadonlyMap<string, string>;

/** In words, in the order in which it happens. */
export function describeMacro(actions: MacroActions, names: MacroNames): string[] {
  const steps: string[] = [];
  const named = (id: string) => names.get(id) ?? "something that is gone";
  if (actions.priority) steps.push(`Set priority to ${PRIORITY_LABELS[actions.priority]}`);
  if (actions.categoryId === null) steps.push("Remove the category");
  else if (actions.categoryId) steps.push(`Set category to ${named(actions.categoryId)}`);
  if (actions.addTags.length > 0) steps.push(`Add ${tagWords(actions.addTags)}`);
  if (actions.removeTags.length > 0) steps.push(`Remove ${tagWords(actions.removeTags)}`);
  if (actions.reply) {
    steps.push(actions.replyVisibility === "internal" ? "Add an internal note" : "Send a public reply");
  }
  if (actions.status) steps.push(statusStep(actions));
  if (actions.assigneeId === null) steps.push("Unassign");
  else if (actions.assigneeId === "me") steps.push("Assign to you");
  else if (actions.assigneeId) steps.push(`Assign to ${named(actions.assigneeId)}`);
  if (actions.queueId === null) steps.push("Remove from its queue");
  else if (actions.queueId) steps.push(`Move to queue ${named(actions.queueId)}`);
  return steps;
}

function tagWords(tags: string[]): string {
  return `${tags.length === 1 ? "tag" : "tags"} ${tags.join(", ")}`;
}

function statusStep({ status, reason, waitDays }: MacroActions): string {
  const step = `Set status to ${STATUS_LABELS[status!]}`;
  if (status !== "pending" || !reason) return step;
  if (reason !== "scheduled") return `${step}: ${PENDING_LABELS[reason].toLowerCase()}`;
  return `${step} for ${waitDays} ${waitDays === 1 ? "day" : "days"}`;
}
