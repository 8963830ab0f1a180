import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { placeholderFacts } from "@/domain/replies/placeholders.ts";
import { namesakesAmong } from "@/domain/accounts/namesakes.ts";
import { attachmentsOf, unusedUploads } from "@/domain/attachments/read.ts";
import type { Attachment } from "@/domain/attachments/types.ts";
import { isStaff, type TicketAbilities, ticketAbilities } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type CatalogRequest, readRequest } from "@/domain/catalog/request.ts";
import { getComment } from "@/domain/comments/edit.ts";
import type { CommentPreview } from "@/domain/comments/preview.ts";
import { quoteText } from "@/domain/comments/quote.ts";
import { DomainError } from "@/domain/errors.ts";
import { countUnreadOf } from "@/domain/notifications/inbox/list.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { type Conversation, readConversation } from "@/domain/tickets/detail/conversation.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { readRelated, type RelatedToTicket } from "@/domain/tickets/detail/related.ts";
import { parseId } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load } from "@/pages/load.ts";
import { type MacroPreview, previewMacro, type ReplyTools, replyTools } from "./compose.ts";

/** Everything a ticket's page shows. */
export interface TicketData extends Conversation, RelatedToTicket {
  choices: TicketChoices;
  /** Ids of people who are shown with their address, because another has the same name. */
  namesakes: ReadonlySet<string>;
  may: TicketAbilities;
  now: string;
  /** Notifications about the ticket that the reader hasn't read. */
  unread: number;
  /** What was asked for, where the ticket came from the catalog. */
  request: CatalogRequest | null;
  /** The files of the ticket and its comments, oldest first. */
  files: Attachment[];
  /** What a refused reply has of files already. */
  kept: Attachment[];
  /** MiB of one file at most. */
  mostMib: number;
  /** The forms of the page that were refused, by name. */
  reply: FormState;
  move: FormState;
  assign: FormState;
  attach: FormState;
  applied: FormState;
  watch: FormState;
  link: FormState;
  tag: FormState;
  rate: FormState;
  /** What the reply box offers to staff. */
  tools: ReplyTools | null;
  /** The macro that is asked about. */
  macro: MacroPreview | null;
  /** How the reply would look. */
  preview: CommentPreview | null;
}

/** The forms of the page. */
export type FormName = "reply" | "move" | "assign" | "attach" | "applied" | "watch" | "link" | "tag" | "rate";

const UNSENT = Object.fromEntries(
  ["move", "assign", "attach", "applied", "watch", "link", "tag", "rate"].map((name) => [name, EMPTY_FORM]),
) as Record<Exclude<FormName, "reply">, FormState>;

/** Loads a ticket's page in one transaction, with the forms that were refused. */
export async function ticketData(
  ctx: Context<State>,
  refused: Partial<Pick<TicketData, FormName | "macro" | "preview">> = {},
): Promise<TicketData> {
  const idOrKey = ctx.params.key!;
  const data = await load(ctx, async (cx) => {
    const before = ctx.url.searchParams.get("before") ?? undefined;
    const comment = ctx.url.searchParams.get("comment") ?? undefined;
    const [conversation, choices, quoted, files, kept, offered, request] = await Promise.all([
      readConversation(cx, { idOrKey, before, comment }),
      ticketChoices(cx, { staff: isStaff(cx.actor.role) }),
      quotedReply(cx, { idOrKey, quote: ctx.url.searchParams.get("quote") }),
      attachmentsOf(cx, idOrKey),
      unusedUploads(cx, refused.reply?.values.attachmentIds),
      replyTools(cx),
      readRequest(cx, idOrKey),
    ]);
    const { requester, assignee, status } = conversation.ticket;
    const shown = [requester, assignee, ...conversation.comments.map(({ author }) => author)];
    const [surroundings, unread, namesakes] = await Promise.all([
      readRelated(cx, conversation.ticket),
      countUnreadOf(cx, conversation.ticket.id),
      namesakesAmong(cx, shown.flatMap((person) => person?.id ?? [])),
    ]);
    const may = ticketAbilities(cx.actor, { requesterId: requester.id, status });
    const reply = quoted === "description" ? replyTo(conversation.ticket.description) : quoted;
    const mostMib = cx.services.config.MAX_ATTACHMENT_MIB;
    const macro = refused.macro ?? await refusedMacro(cx, conversation.ticket, refused.applied);
    const tools = offered && { ...offered, facts: placeholderFacts(cx, conversation.ticket) };
    return {
      ...conversation,
      ...surroundings,
      unread,
      choices,
      namesakes,
      may,
      now: cx.now,
      reply,
      files,
      kept,
      mostMib,
      tools,
      macro,
      request,
    };
  });
  ctx.state.title = `${data.ticket.key} ${data.ticket.title}`;
  return { ...data, ...UNSENT, preview: null, ...refused, macro: data.macro };
}

/** The macro of a form that was refused, to look at again; null when it can't be used. */
async function refusedMacro(
  cx: UserCx,
  ticket: Ticket,
  form: FormState | undefined,
): Promise<MacroPreview | null> {
  const macroId = parseId(form?.values.macroId);
  if (macroId === undefined || form?.refusal?.code === "forbidden") return null;
  return await previewMacro(cx, { ticket, macroId }).catch((error: unknown) => {
    if (error instanceof DomainError) return null;
    throw error;
  });
}

/** A reply that begins with what is quoted; a note when a note is, so that it can't be sent to the requester unseen. */
async function quotedReply(
  cx: UserCx,
  { idOrKey, quote }: { idOrKey: string; quote: string | null },
): Promise<FormState | "description"> {
  if (quote === "description") return quote;
  if (quote === null) return EMPTY_FORM;
  const found = await getComment(cx, { ticketId: idOrKey, commentId: quote }).catch((error: unknown) => {
    if (error instanceof DomainError) return null;
    throw error;
  });
  return found ? replyTo(found.comment.body, found.comment.visibility) : EMPTY_FORM;
}

function replyTo(text: string, visibility: "public" | "internal" = "public"): FormState {
  return text === "" ? EMPTY_FORM : { values: { body: quoteText(text), visibility }, errors: {} };
}
