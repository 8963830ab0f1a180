import { StatusBadge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { MergePreview } from "@/domain/tickets/merge/preview.ts";
import { isOn } from "@/domain/validation.ts";
import { UNDO_HOURS } from "@/domain/tickets/model/states.ts";
import { Suggestions } from "@/islands/Suggestions.tsx";
import type { FormState } from "@/pages/forms.ts";
import { type Match, MergeChoice } from "./MergeChoice.tsx";

/** Three steps: choose the ticket, see what happens, merge. `matches` are those that have the words that were typed. */
export function MergeForm({ preview, typed, matches, form }: {
  preview: MergePreview;
  typed: string;
  matches: Match[];
  form: FormState;
}) {
  const { source, target, problem } = preview;
  const href = `/tickets/${source.key}`;
  if (source.mergedAt !== null) {
    return (
      <Banner kind="info">
        {source.key} has already been merged.{" "}
        {source.mergedInto && <a href={`/tickets/${source.mergedInto.key}`}>Open {source.mergedInto.key}</a>}
      </Banner>
    );
  }
  const { into = "", "": general, to, ...others } = form.errors;
  const errors = [general ?? "", to ?? "", ...Object.values(others)];
  return (
    <>
      <ErrorList message={errors} />
      <p>
        The description, comments and files of {source.key} “{source.title}” move to another ticket, and{" "}
        {source.key} is closed and links to it. You can undo this for {UNDO_HOURS} hours.
      </p>
      <form class="form" method="get" action={`${href}/merge`}>
        <Field
          name="into"
          label="Merge into"
          value={typed}
          error={into || (matches.length > 0 ? "Choose one of the tickets below, or type a key" : problem) ||
            undefined}
          hint="A key such as INC-1042, or words from its title"
          list="merge-tickets"
          autoComplete="off"
          autoFocus={target === null}
          required
        />
        <Suggestions field="f-into" list="merge-tickets" kind="tickets" />
        <div class="form-actions">
          <Button variant={target ? "secondary" : "primary"}>
            {target ? "Preview another" : "Preview"}
          </Button>
          <ButtonLink href={href} variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
      {target
        ? <Consequences preview={preview} target={target} form={form} />
        : matches.length > 0
        ? <MergeChoice title="Tickets that match" tickets={matches} href={href} />
        : (
          <MergeChoice
            title={`Other open tickets of ${source.requester.name}`}
            tickets={preview.others}
            href={href}
          />
        )}
    </>
  );
}

function Consequences({ preview, target, form }: {
  preview: MergePreview;
  target: NonNullable<MergePreview["target"]>;
  form: FormState;
}) {
  const { source, outsiders } = preview;
  const strangers = target.requester.id !== source.requester.id;
  return (
    <Card title="What happens">
      <form class="form" method="post" action={`/tickets/${source.key}/merge`}>
        <HiddenFields form={form} version={source.version} />
        <input type="hidden" name="into" value={target.key} />
        <p class="link-row">
          <a class="link-ticket" href={`/tickets/${target.key}`}>
            <span class="ticket-key">{target.key}</span>
            <span class="truncate">{target.title}</span>
          </a>
          <StatusBadge status={target.status} />
        </p>
        <ul class="bullets">
          <li>{movedText(preview, target.key)}</li>
          <li>{source.key} is closed, and its number redirects to {target.key}.</li>
          <li>Its tags and its help-desk watchers are added.</li>
          {strangers && (
            <li>
              <strong>{target.requester.name}</strong>, who opened{" "}
              {target.key}, will be able to read everything public in {source.key}.
            </li>
          )}
        </ul>
        {outsiders.length > 0 && (
          <Field
            name="keepRequester"
            kind="checkbox"
            label={`Let ${namesOf(outsiders)} watch ${target.key}`}
            checked={isOn(form.values.keepRequester)}
            hint={`They can read everything public in it. Otherwise they only see that ${source.key} was merged`}
          />
        )}
        <div class="form-actions">
          <Button variant="primary" icon="merge">Merge into {target.key}</Button>
        </div>
      </form>
    </Card>
  );
}

/** What moves, in a sentence. */
function movedText({ source, comments, files }: MergePreview, key: string): string {
  const what = [`The description of ${source.key}`, counted(comments, "comment"), counted(files, "file")]
    .filter((text) => text !== "");
  const last = what.pop()!;
  const all = what.length > 0 ? `${what.join(", ")} and ${last}` : last;
  return `${all} ${comments + files === 0 ? "goes" : "go"} to ${key}. Internal notes stay internal.`;
}

function counted(count: number, thing: string): string {
  if (count === 0) return "";
  return count === 1 ? `1 ${thing}` : `${count.toLocaleString("en")} ${thing}s`;
}

function namesOf([first = "", second, ...more]: string[]): string {
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first} and ${more.length + 1} others`;
}
