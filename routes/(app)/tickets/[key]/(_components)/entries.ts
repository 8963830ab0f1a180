import type { ConversationEntry, EventData } from "../../../../../components/Conversation.tsx";
import { PRIORITY_LABELS, STATUS_LABELS } from "../../../../../components/labels.ts";
import { renderMarkdown } from "../../../../../domain/markdown.ts";
import { moment, type Reader } from "../../../../../domain/moment.ts";
import type { Comment, TimelineEntry } from "../../../../../domain/tickets/types.ts";

type Change = { from?: unknown; to?: unknown };

/** Comments and what happened between them, oldest first. A comment's own timeline entry would say it twice. */
export function conversation(
  comments: Comment[],
  timeline: TimelineEntry[],
  { reader, now, requesterId }: { reader: Reader; now: string; requesterId: string },
): ConversationEntry[] {
  const said: ConversationEntry[] = comments.map((comment) => ({
    kind: "comment",
    id: comment.id,
    author: comment.author,
    ...(comment.author.id === requesterId ? { role: "Requester" } : {}),
    visibility: comment.visibility,
    at: moment(comment.createdAt, reader, now),
    html: renderMarkdown(comment.body),
  }));
  const happened = timeline.flatMap((entry): ConversationEntry[] => {
    const event = describe(entry);
    if (!event) return [];
    const actor = entry.actor?.name ?? "ServiceHub";
    return [{ kind: "event", id: entry.id, actor, at: moment(entry.at, reader, now), ...event }];
  });
  return [...said, ...happened].sort((a, b) => a.at.iso < b.at.iso ? -1 : a.at.iso > b.at.iso ? 1 : 0);
}

function describe({ action, changes }: TimelineEntry): Pick<EventData, "icon" | "parts"> | null {
  const status = changes.status as Change | undefined;
  if (action === "ticket.created") return { icon: "plus", parts: ["opened the ticket"] };
  if (status) {
    return {
      icon: status.to === "resolved" ? "check" : "arrow",
      parts: ["changed the status from ", word("status", status.from), " to ", word("status", status.to)],
    };
  }
  if (action === "ticket.assigned") return { icon: "user", parts: assigned(changes) };
  if (action === "ticket.edited") return { icon: "edit", parts: edited(changes) };
  return null;
}

/** Words and names take turns: the odd parts are shown strong. */
function assigned(changes: Record<string, unknown>): string[] {
  const { assignee, queue } = changes as { assignee?: Change; queue?: Change };
  const parts: string[] = [];
  if (assignee) {
    parts.push(assignee.to ? "assigned it to " : "took it from ", word("", assignee.to ?? assignee.from));
  }
  if (queue) {
    parts.push(
      parts.length > 0 ? " and moved it to " : "moved it to ",
      queue.to ? word("", queue.to) : "no queue",
    );
  }
  return parts;
}

function edited(changes: Record<string, unknown>): string[] {
  const fields = Object.entries(changes);
  const [field, change] = fields[0] ?? ["ticket", true];
  const { from, to } = (typeof change === "object" && change !== null ? change : {}) as Change;
  if (fields.length > 1 || field === "tags" || field === "description" || field === "ticket") {
    return ["changed ", fields.map(([name]) => name).join(", ")];
  }
  return [`changed ${field} from `, word(field, from), " to ", word(field, to)];
}

function word(field: string, value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "object" && "name" in value) return String(value.name);
  if (field === "status") return STATUS_LABELS[value as keyof typeof STATUS_LABELS] ?? String(value);
  if (field === "priority") return PRIORITY_LABELS[value as keyof typeof PRIORITY_LABELS] ?? String(value);
  return String(value);
}
