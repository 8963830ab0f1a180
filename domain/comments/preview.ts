import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { NewComment } from "./add.ts";
import { findMentioned } from "./mentions.ts";

export interface CommentPreview {
  html: string;
  mentions: Named[];
  unreached: Named[];
}

/** @throws DomainError not_found */
export async function previewComment(
  cx: UserCx,
  input: Pick<NewComment, "ticketId" | "body" | "visibility">,
): Promise<CommentPreview> {
  const row = await requireTicket(cx, input.ticketId);
  const visibility = isStaff(cx.actor.role) ? input.visibility : "public";
  const { told, unreached } = await findMentioned(cx, row, { body: input.body, visibility });
  return {
    html: renderMarkdown(input.body, told),
    mentions: told.map(({ id, label }) => ({ id, name: label })),
    unreached,
  };
}
