import type { CommentLinks } from "@/components/Comment.tsx";
import type { ConversationEntry } from "@/components/Conversation.tsx";
import { isStaff } from "@/domain/permissions.ts";
import type { Role } from "@/domain/cx.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { Comment } from "@/domain/tickets/model/types.ts";
import { describeChange } from "./change_entries.ts";
import type { TicketData } from "./ticket_data.ts";
import { toldApart } from "./told_apart.ts";
import { describeWork } from "./work_entries.ts";

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
  // The resolution in force stands below the conversation; earlier ones are read here.
  const current = ticket.resolutionNote === null
    ? undefined
    : changes.findLast((entry) => (entry.changes.status as { to?: unknown } | undefined)?.to === "resolved")
      ?.id;
  const done = changes.flatMap((entry): ConversationEntry[] => {
    const event = describeChange(entry, { current }, (iso) => moment(iso, reader, now).absolute) ??
      describeWork(entry, ticket.requester);
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
