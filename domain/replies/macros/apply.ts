import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { fillPlaceholders, placeholderFacts } from "@/domain/replies/placeholders.ts";
import { assertFresh, requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { applyTicketAction, type TicketAction } from "@/domain/tickets/actions/ticket_action.ts";
import { toTicket } from "@/domain/tickets/access/ticket_row.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { id, version } from "@/domain/validation.ts";
import type { MacroActions } from "./fields.ts";
import { getMacro, type Macro } from "./read.ts";

export const ApplyMacro = z.object({ macroId: id, version: version.optional() });

/**
 * Completely or not at all. @throws DomainError not_found, forbidden, stale_version; invalid for a macro that can't be
 * used; and what an action throws, with the name of its part
 */
export async function applyMacro(
  cx: UserCx,
  input: { id: string; macroId: string; version: number },
): Promise<{ ticket: Ticket; macro: Macro }> {
  const row = await requireTicket(cx, input.id);
  assertRole(cx, STAFF);
  assertFresh(cx, row, input.version);
  const macro = await usableMacro(cx, input.macroId);
  const ticket = toTicket(cx, row);
  const { actions } = macro;
  const fill = (text: string) => fillPlaceholders(text, placeholderFacts(cx, ticket));
  const now = await applyTicketAction(cx, ticket, actionOf(cx, actions, fill), namePart);
  return { ticket: now, macro };
}

/** @throws DomainError invalid when there is no such macro, or it is archived */
export async function usableMacro(cx: UserCx, macroId: string): Promise<Macro> {
  const there = await cx.db.first(sql`select 1 from macros
    where tenant_id = ${cx.tenant.id} and id = ${macroId} and archived_at is null`);
  if (!there) throw unknownId("macroId");
  return await getMacro(cx, macroId);
}

function actionOf(cx: UserCx, actions: MacroActions, fill: (text: string) => string): TicketAction {
  const { waitDays, status, reply, replyVisibility, note, ...rest } = actions;
  const waits = actions.reason === "scheduled" && waitDays !== undefined;
  return {
    ...rest,
    to: status,
    note: note && fill(note),
    until: waits ? new Date(Date.parse(cx.now) + waitDays * 86_400_000).toISOString() : undefined,
    comment: reply && fill(reply),
    visibility: replyVisibility,
  };
}

async function namePart<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === "stale_version" || error.status >= 500) throw error;
    const [first] = error.facts.errors ?? [];
    const message = `The macro failed at step "${name}", and nothing was changed: ${
      first?.message ?? error.message
    }`;
    throw new DomainError(error.code, message, {
      ...error.facts,
      errors: [{ path: "macroId", code: first?.code ?? error.code, message }],
      cause: error,
    });
  }
}
