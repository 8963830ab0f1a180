import { PersonName } from "@/components/Avatar.tsx";
import { Button } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { SidePanel } from "@/components/PropertyList.tsx";
import { Suggestions } from "@/islands/Suggestions.tsx";
import { SideForm } from "./SideForm.tsx";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** Who watches a ticket. Everyone can watch it, staff and the requester can add others. */
export function WatchersPanel({ data, reader }: { data: TicketData; reader: { id: string } }) {
  const { ticket, watchers: { items, watching }, may, watch } = data;
  const action = `/tickets/${ticket.key}/watchers`;
  const over = ticket.mergedAt !== null;
  if (over && items.length === 0) return null;
  const own = ticket.requester.id === reader.id;
  const failed = Object.keys(watch.errors).length > 0;
  return (
    <SidePanel title={items.length > 0 ? `Watchers (${items.length})` : "Watchers"} open={failed}>
      <ErrorList form={watch} only="general" />
      {items.length > 0 && (
        <ul class="side-list">
          {items.map((person) => (
            <li key={person.id} class="side-row">
              <PersonName person={person} />
              {person.removable && person.id !== reader.id && !over && (
                <form method="post" action={action}>
                  <input type="hidden" name="remove" value={person.id} />
                  <Button variant="quiet" size="sm" icon="close" label={`Remove ${person.name}`} />
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      {items.length === 0 && (
        <p class="hint">{own ? "You get every update as the requester." : "No watchers yet."}</p>
      )}
      {!over && (
        <div class="side-actions">
          {!own && (
            <form method="post" action={action}>
              <input type="hidden" name={watching ? "remove" : "add"} value="me" />
              <Button size="sm" icon={watching ? "eyeOff" : "eye"}>{watching ? "Unwatch" : "Watch"}</Button>
            </form>
          )}
          {(may.work || own) && (
            <SideForm label="Add a watcher" open={watch.errors.person !== undefined}>
              <form class="form" method="post" action={action}>
                <Field
                  name="person"
                  idPrefix="watch"
                  label={may.work ? "Name or email" : "Email of a colleague"}
                  value={watch.values.person}
                  error={watch.errors.person}
                  hint="They can read everything public in this ticket"
                  list="watch-people"
                  autoComplete="off"
                  required
                />
                {may.work && <Suggestions field="watch-person" list="watch-people" kind="people" />}
                <Button size="sm">Add</Button>
              </form>
            </SideForm>
          )}
        </div>
      )}
    </SidePanel>
  );
}
