import { z } from "zod";
import { isStaff } from "@/domain/permissions.ts";
import { getCannedReply, listCannedReplies } from "@/domain/replies/canned/read.ts";
import { AddComment } from "@/domain/comments/add.ts";
import { type CommentPreview, previewComment } from "@/domain/comments/preview.ts";
import type { UserCx } from "@/domain/cx.ts";
import { usableMacro } from "@/domain/replies/macros/apply.ts";
import { listMacros, type Macro } from "@/domain/replies/macros/read.ts";
import { fillPlaceholders, type PlaceholderFacts, placeholderFacts } from "@/domain/replies/placeholders.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { id, optional, parse } from "@/domain/validation.ts";
import type { FormState } from "@/pages/forms.ts";

/** What the reply box offers to staff. */
export interface ReplyTools {
  canned: { id: string; title: string; shared: boolean }[];
  /** Whether there are more canned replies than these. */
  more: boolean;
  macros: Pick<Macro, "id" | "name" | "steps">[];
  facts: PlaceholderFacts;
}

/** A macro as it would apply to this ticket. */
export interface MacroPreview extends Pick<Macro, "id" | "name" | "steps"> {
  reply: string | null;
  internal: boolean;
  note: string | null;
}

const MOST_CANNED = 100;
const MOST_MACROS = 500;

/** Reads what the reply box offers; null for requesters. */
export async function replyTools(cx: UserCx): Promise<Omit<ReplyTools, "facts"> | null> {
  if (!isStaff(cx.actor.role)) return null;
  const [canned, macros] = await Promise.all([
    listCannedReplies(cx, { limit: MOST_CANNED }),
    macrosOffered(cx),
  ]);
  return {
    canned: canned.items.map(({ id, title, shared }) => ({ id, title, shared })),
    more: canned.nextCursor !== null,
    macros: macros.map(({ id, name, steps }) => ({ id, name, steps })),
  };
}

/** Macros by name, as many as a menu of choices has. The picker filters them and doesn't ask for more. */
async function macrosOffered(cx: UserCx): Promise<Macro[]> {
  const macros: Macro[] = [];
  let cursor: string | undefined;
  do {
    const page = await listMacros(cx, { limit: 100, cursor });
    macros.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor && macros.length < MOST_MACROS);
  return macros;
}

/** What the buttons of the reply box send besides the text: a canned reply to insert, a macro to preview, or a preview. */
export const Composing = z.object({
  body: z.string().max(1_000_000).default(""),
  visibility: z.enum(["public", "internal"]).default("public"),
  cannedReplyId: optional(id),
  macroId: optional(id),
  preview: optional(z.string()),
});

/** What a button of the reply box asked for. */
export interface Composed {
  reply: FormState;
  macro: MacroPreview | null;
  preview: CommentPreview | null;
}

/**
 * Does what a button of the reply box asks for, without adding a comment.
 *
 * @param input `ticketId` is an id or key
 * @throws DomainError not_found; forbidden for what is for staff; invalid for a macro or text that can't be used
 */
export async function compose(
  cx: UserCx,
  input: z.output<typeof Composing> & { ticketId: string },
): Promise<Composed> {
  const ticket = await getTicket(cx, input.ticketId);
  const { visibility } = input;
  const form = (body: string): FormState => ({ values: { body, visibility }, errors: {} });
  const facts = placeholderFacts(cx, ticket);
  if (input.cannedReplyId) {
    const { body } = await getCannedReply(cx, input.cannedReplyId);
    const typed = input.body.trimEnd();
    const filled = fillPlaceholders(body, facts);
    return { reply: form(typed === "" ? filled : `${typed}\n\n${filled}`), macro: null, preview: null };
  }
  if (input.macroId) {
    return {
      reply: form(input.body),
      macro: await previewMacro(cx, { ticket, macroId: input.macroId }),
      preview: null,
    };
  }
  const said = parse(AddComment, { body: input.body, visibility });
  return {
    reply: form(input.body),
    macro: null,
    preview: await previewComment(cx, { ...said, ticketId: ticket.id }),
  };
}

/** What a macro would do to a ticket, with its texts filled. @throws DomainError forbidden; invalid for one that can't be used */
export async function previewMacro(
  cx: UserCx,
  { ticket, macroId }: { ticket: Ticket; macroId: string },
): Promise<MacroPreview> {
  const { id, name, steps, actions } = await usableMacro(cx, macroId);
  const fill = (text: string | undefined) =>
    text ? fillPlaceholders(text, placeholderFacts(cx, ticket)) : null;
  return {
    id,
    name,
    steps,
    reply: fill(actions.reply),
    internal: actions.replyVisibility === "internal",
    note: actions.status ? fill(actions.note) : null,
  };
}
