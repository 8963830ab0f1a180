import { Button } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Suggestions } from "@/islands/Suggestions.tsx";
import { SideForm } from "./SideForm.tsx";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** A ticket's tags: each leads to the tickets that have it; staff add them and take them away. */
export function TagList({ data: { ticket, may, tag } }: { data: TicketData }) {
  const editable = may.work && ticket.mergedAt === null;
  if (ticket.tags.length === 0 && !editable) return null;
  const action = `/tickets/${ticket.key}/tags`;
  const error = tag.errors.tags ?? tag.errors[""] ?? Object.values(tag.errors)[0];
  return (
    <div class="side-tags">
      {ticket.tags.length > 0 && (
        <ul class="tags" aria-label="Tags of this ticket">
          {ticket.tags.map((name) => (
            <li key={name} class="tag">
              <a
                href={`/tickets?${new URLSearchParams({ tag: name })}`}
                title={`Tickets with the tag ${name}`}
              >
                {name}
              </a>
              {editable && (
                <form method="post" action={action}>
                  <input type="hidden" name="remove" value={name} />
                  <button
                    class="tag-remove"
                    type="submit"
                    aria-label={`Remove the tag ${name}`}
                    title="Remove"
                  >
                    <Icon name="close" size="sm" />
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
      {editable && (
        <SideForm label="Add tags" open={error !== undefined}>
          <form class="form" method="post" action={action}>
            <Field
              name="tags"
              idPrefix="tag"
              label="Tags"
              value={tag.values.tags}
              error={error}
              hint="Separated by commas"
              list="known-tags"
              autoComplete="off"
              required
            />
            <Suggestions field="tag-tags" list="known-tags" kind="tags" />
            <Button size="sm">Add</Button>
          </form>
        </SideForm>
      )}
    </div>
  );
}
