import type { CommentLinks } from "@/components/Comment.tsx";
import type { ConversationEntry } from "@/components/Conversation.tsx";
import type { EventData } from "@/components/TimelineItem.tsx";
import { isStaff } from "@/domain/permissions.ts";
import type { Role } from "@/domain/cx.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import {
  PENDING_LABELS,
  PRIORITY_LABELS,
  STATUS_LABELS,
  TYPE_LABELS,
} from "@/domain/tickets/model/formatting.ts";
import type { Comment, TimelineEntry } from "@/domain/tickets/model/types.ts";
import type { TicketData } from "./ticket_data.ts";
import { toldApart } from "./told_apart.ts";
import { describeWork } from "./work_entries.ts";

type Change = { from?: unknown; to?: unknown };

/** What was asked, said and done, oldest first. A comment's own timeline entry would say it twice. */
export function conversation(
  { ticket, comments, changes, now, files, namesakes }: Pick<
    TicketData,
    "ticket" | "comments" | "changes" | "now" | "files" | "namesakes"
  >,
  reader: Reader & { id: string; role: Role },
): ConversationEntry[] {
  const asked: Comment = {
    id: "description",
    author: ticket.requester,
    visibility: "public",
    body: ticket.description || "*No description*",
    mentions: [],
    via: ticket.source === "email" ? "email" : null,
    quoted: null,
    version: 1,
    createdAt: ticket.createdAt,
    editedAt: null,
    editableUntil: null,
  };
  // What came with the ticket itself was uploaded before it.
  const cameWith = (id: string) =>
    files.filter(({ commentId, createdAt }) =>
      id === asked.id ? commentId === null && createdAt <= ticket.createdAt : commentId === id
    );
  const said = [asked, ...comments].map((comment): ConversationEntry => ({
    kind: "comment",
    id: comment.id,
    author: toldApart(comment.author, namesakes),
    ...(comment.author.id === ticket.requester.id ? { role: "Requester" } : {}),
    visibility: comment.visibility,
    at: moment(comment.createdAt, reader, now),
    edited: comment.editedAt !== null,
    via: comment.via,
    quoted: comment.quoted ?? undefined,
    html: renderMarkdown(comment.body, comment.mentions.map(({ id, name }) => ({ id, label: name }))),
    links: linksOf(comment, ticket.key, reader),
    files: cameWith(comment.id),
  }));
  const done = changes.flatMap((entry): ConversationEntry[] => {
    const event = describe(entry) ?? describeWork(entry, ticket.requester);
    if (!event) return [];
    const actor = entry.actor?.name ?? "ServiceHub";
    return [{ kind: "event", id: entry.id, actor, at: moment(entry.at, reader, now), ...event }];
  });
  // What came from a merged ticket may be older than what this one asks, which stays first all the same.
  const [first, ...rest] = said;
  return [
    first!,
    ...[...rest, ...done].sort((a, b) => a.at.iso < b.at.iso ? -1 : a.at.iso > b.at.iso ? 1 : 0),
  ];
}

/** What can be done with a comment, by address. */
function linksOf(comment: Comment, key: string, reader: Reader & { id: string; role: Role }): CommentLinks {
  const href = `/tickets/${key}`;
  const own = `${href}/comments/${comment.id}`;
  const mayLookBack = isStaff(reader.role) || comment.author.id === reader.id;
  return {
    quote: `${href}?quote=${comment.id}#reply`,
    edit: comment.editableUntil === null ? undefined : `${own}/edit`,
    history: comment.editedAt !== null && mayLookBack ? `${own}/history` : undefined,
  };
}

function describe({ action, changes }: TimelineEntry): Pick<EventData, "icon" | "parts" | "note"> | null {
  const status = changes.status as Change | undefined;
  if (status && changes.other === undefined) {
    return {
      ...(typeof changes.note === "string" && status.to !== "resolved" ? { note: changes.note } : {}),
      icon: status.to === "resolved" ? "check" : "arrow",
      parts: ["changed the status from ", word("status", status.from), " to ", word("status", status.to)],
    };
  }
  if (action === "ticket.assigned") return { icon: "user", parts: assigned(changes) };
  if (action === "ticket.attached") return { icon: "paperclip", parts: ["attached ", fileNames(changes)] };
  if (action === "ticket.detached") return { icon: "trash", parts: ["deleted ", fileNames(changes)] };
  if (action === "ticket.edited") return { icon: "edit", parts: edited(changes) };
  return null;
}

function fileNames({ files }: Record<string, unknown>): string {
  return (files as { name: string }[]).map(({ name }) => name).join(", ");
}

/** Words and names take turns: the odd parts are shown strong. */
function assigned(changes: Record<string, unknown>): string[] {
  const { assignee, queue } = changes as { assignee?: Change; queue?: Change };
  const parts: string[] = [];
  if (assignee) {
    parts.push(assignee.to ? "assigned this to " : "unassigned ", word("", assignee.to ?? assignee.from));
  }
  if (queue) {
    parts.push(
      parts.length > 0 ? " and moved it to " : "moved this to ",
      queue.to ? word("", queue.to) : "no queue",
    );
  }
  return parts;
}

function edited(changes: Record<string, unknown>): string[] {
  const fields = Object.entries(changes).filter(([name]) => name !== "note");
  const [field, change] = fields[0] ?? ["ticket", true];
  const { from, to } = (typeof change === "object" && change !== null ? change : {}) as Change;
  if (fields.length > 1 || ["tags", "description", "pendingUntil", "ticket"].includes(field)) {
    return ["changed ", fields.map(([name]) => FIELDS[name] ?? name).join(", ")];
  }
  return [`changed ${FIELDS[field] ?? field} from `, word(field, from), " to ", word(field, to)];
}

const FIELDS: Readonly<Record<string, string>> = {
  pendingReason: "the reason for waiting",
  pendingUntil: "the end of waiting",
};

function word(field: string, value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "object" && "name" in value) return String(value.name);
  if (field === "status") return STATUS_LABELS[value as keyof typeof STATUS_LABELS] ?? String(value);
  if (field === "priority") return PRIORITY_LABELS[value as keyof typeof PRIORITY_LABELS] ?? String(value);
  if (field === "type") return TYPE_LABELS[value as keyof typeof TYPE_LABELS] ?? String(value);
  if (field === "pendingReason") return PENDING_LABELS[value as keyof typeof PENDING_LABELS] ?? String(value);
  return String(value);
}
