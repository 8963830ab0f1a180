import { z } from "zod";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { isStaff } from "@/domain/permissions.ts";
import { personText, resolvePerson } from "@/domain/search/resolve_person.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { addWatcher, removeWatcher } from "@/domain/tickets/watchers/watchers.ts";
import { optional } from "@/domain/validation.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

/** Someone to add by email or name, or someone to add or remove by id. */
const WatchForm = z.object({
  person: optional(personText),
  add: optional(z.string()),
  remove: optional(z.string()),
});

export const handler = ticketForm("watch", {
  schema: WatchForm,
  run: async (cx, input, idOrKey) => {
    const ticket = await getTicket(cx, idOrKey);
    return await afterTicketChange(cx, ticket, { flash: await watch(cx, ticket, input) });
  },
});

/** Adds or removes a watcher. @returns what was done, as a message */
async function watch(
  cx: UserCx,
  { id: ticketId, key }: { id: string; key: string },
  { person, add, remove }: z.output<typeof WatchForm>,
): Promise<string> {
  if (remove !== undefined) {
    const removed = await removeWatcher(cx, { ticketId, who: remove });
    return removed.id === cx.actor.id
      ? `You no longer watch ${key}`
      : `${removed.name} no longer watches ${key}`;
  }
  if (add === undefined && person === undefined) {
    throw invalidField("person", "required", "Enter a name or email");
  }
  if (add === undefined && !isStaff(cx.actor.role)) {
    await addWatcher(cx, { ticketId, who: person!, by: "email" }).catch((error) => {
      throw aboutPerson(error);
    });
    return `If ${person} has an account here, they now watch ${key}`;
  }
  const who = add ?? (await resolvePerson(cx, person!, "person")).id;
  const { added } = await addWatcher(cx, { ticketId, who });
  if (!added) return "They already watch this ticket";
  return added.id === cx.actor.id ? `You now watch ${key}` : `${added.name} now watches ${key}`;
}

/** The form calls an address "person", since staff may type a name. */
function aboutPerson(error: unknown): unknown {
  const [first] = error instanceof DomainError ? error.facts.errors ?? [] : [];
  return first?.path === "email" ? invalidField("person", first.code, first.message) : error;
}

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
