import { Banner } from "@/components/Banner.tsx";
import { Button } from "@/components/Button.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { UNDO_HOURS } from "@/domain/tickets/model/states.ts";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** Says where a merged ticket went. */
export function MergedNotice({ data, reader }: { data: TicketData; reader: Reader & { id: string } }) {
  const { ticket, now, may } = data;
  if (ticket.mergedAt === null) return null;
  if (!ticket.mergedInto) {
    return (
      <Banner kind="info">
        <p>
          The help desk merged this ticket into another one about the same problem and continues there.
        </p>
        {ticket.requester.id === reader.id && <p>Anything to add? A reply opens a new ticket for you.</p>}
      </Banner>
    );
  }
  const { key, title } = ticket.mergedInto;
  const undoable = may.work && Date.parse(now) - Date.parse(ticket.mergedAt) < UNDO_HOURS * 3_600_000;
  return (
    <Banner kind="info">
      <div class="notice-row">
        <span>
          Merged into <a href={`/tickets/${key}`}>{key} {title}</a>{" "}
          <Time at={moment(ticket.mergedAt, reader, now)} />: its description, comments and files are there.
        </span>
        {undoable && (
          <form method="post" action={`/tickets/${ticket.key}/unmerge`}>
            <HiddenFields version={ticket.version} />
            <Button size="sm">Undo the merge</Button>
          </form>
        )}
      </div>
    </Banner>
  );
}

/** Whether a reply of this reader opens a new ticket instead of going into this one. */
export function opensFollowUp({ ticket }: Pick<TicketData, "ticket">, readerId: string): boolean {
  if (ticket.requester.id !== readerId) return false;
  if (ticket.mergedAt !== null) return ticket.mergedInto === null;
  const ended = ticket.status === "closed" || ticket.status === "cancelled";
  return ended && !ticket.allowedTransitions.includes("open");
}
