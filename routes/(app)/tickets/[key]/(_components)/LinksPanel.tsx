import { StatusBadge } from "@/components/Badge.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { SidePanel } from "@/components/PropertyList.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { TicketLink } from "@/domain/tickets/links/read_links.ts";
import { ALL_RELATIONS, RELATION_LABELS, RELATIONS } from "@/domain/tickets/model/relations.ts";
import type { MergedIn } from "@/domain/tickets/merge/unmerge.ts";
import { Suggestions } from "@/islands/Suggestions.tsx";
import { SideForm } from "./SideForm.tsx";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** Linked and merged tickets; for staff the forms that link and merge. */
export function LinksPanel({ data, reader }: { data: TicketData; reader: Reader }) {
  const { ticket, links, mergedIn, may, link, now } = data;
  const open = ticket.mergedAt === null;
  if (links.length + mergedIn.length === 0 && !(may.work && open)) return null;
  const count = links.length + mergedIn.length;
  const failed = Object.keys(link.errors).length > 0;
  return (
    <SidePanel title={count > 0 ? `Linked tickets (${count})` : "Linked tickets"} open={failed}>
      <ErrorList form={link} only="general" />
      {ALL_RELATIONS.map((relation) => {
        const group = links.filter((it) => it.relation === relation);
        return group.length > 0 && (
          <section key={relation} class="link-group">
            <h3>{RELATION_LABELS[relation]}</h3>
            <ul class="link-list">
              {group.map((it) => (
                <LinkRow key={it.id} link={it} action={`/tickets/${ticket.key}/links`} removable={may.work} />
              ))}
            </ul>
          </section>
        );
      })}
      {mergedIn.length > 0 && (
        <section class="link-group">
          <h3>Merged into this</h3>
          <ul class="link-list">
            {mergedIn.map((it) => (
              <MergedRow
                key={it.id}
                ticket={it}
                undoable={may.work && it.undoable}
                now={now}
                reader={reader}
              />
            ))}
          </ul>
        </section>
      )}
      {may.work && open && (
        <div class="side-actions">
          <SideForm label="Link a ticket" open={failed}>
            <LinkForm data={data} />
          </SideForm>
          <ButtonLink href={`/tickets/${ticket.key}/merge`} variant="quiet" size="sm" icon="merge">
            Merge…
          </ButtonLink>
        </div>
      )}
    </SidePanel>
  );
}

function LinkRow({ link: { id, relation, ticket }, action, removable }: {
  link: TicketLink;
  action: string;
  removable: boolean;
}) {
  const stays = relation === "follows" || relation === "followed_by";
  return (
    <li class="link-row">
      <a class="link-ticket" href={`/tickets/${ticket.key}`} title={ticket.title}>
        <span class="ticket-key">{ticket.key}</span>
        <span class="truncate">{ticket.title}</span>
      </a>
      <StatusBadge status={ticket.status} />
      {removable && !stays && (
        <form method="post" action={action}>
          <input type="hidden" name="remove" value={id} />
          <Button variant="quiet" size="sm" icon="close" label={`Unlink ${ticket.key}`} />
        </form>
      )}
    </li>
  );
}

function MergedRow({ ticket, undoable, now, reader }: {
  ticket: MergedIn;
  undoable: boolean;
  now: string;
  reader: Reader;
}) {
  return (
    <li class="link-row">
      <a class="link-ticket" href={`/tickets/${ticket.key}?view=source`} title={ticket.title}>
        <span class="ticket-key">{ticket.key}</span>
        <span class="truncate">{ticket.title}</span>
      </a>
      <Time at={moment(ticket.mergedAt, reader, now)} />
      {undoable && (
        <form method="post" action={`/tickets/${ticket.key}/unmerge`}>
          <HiddenFields version={ticket.version} />
          <Button variant="quiet" size="sm" label={`Undo the merge of ${ticket.key}`}>Undo</Button>
        </form>
      )}
    </li>
  );
}

function LinkForm({ data: { ticket, link } }: { data: TicketData }) {
  return (
    <form class="form" method="post" action={`/tickets/${ticket.key}/links`}>
      <Field
        name="relation"
        idPrefix="link"
        label={`${ticket.key} …`}
        kind="select"
        value={link.values.relation ?? "relates_to"}
        options={RELATIONS.map((value) => ({ value, label: RELATION_LABELS[value].toLowerCase() }))}
        error={link.errors.relation}
      />
      <Field
        name="ticketId"
        idPrefix="link"
        label="Ticket"
        value={link.values.ticketId}
        error={link.errors.ticketId}
        hint="A key or words from its title"
        list="link-tickets"
        autoComplete="off"
        required
      />
      <Suggestions field="link-ticketId" list="link-tickets" kind="tickets" />
      <Button size="sm">Link</Button>
    </form>
  );
}
