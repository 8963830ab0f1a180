import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** What a macro would do to this ticket, and the button that does it. */
export function MacroCard({ data: { ticket, macro, applied } }: { data: TicketData }) {
  const [wrong] = Object.values(applied.errors);
  if (!macro) return <ErrorList message={wrong} />;
  const href = `/tickets/${ticket.key}`;
  return (
    <section id="macro" aria-label="Macro">
      <Card title={`Apply “${macro.name}”?`}>
        <form class="form" method="post" action={`${href}/macro`}>
          <ErrorList message={wrong} />
          <input type="hidden" name="macroId" value={macro.id} />
          <HiddenFields form={applied} version={ticket.version} />
          <ul class="steps">{macro.steps.map((step) => <li key={step}>{step}</li>)}</ul>
          {macro.reply && (
            <Text title={macro.internal ? "Internal note" : "Public reply"} {...macro} text={macro.reply} />
          )}
          {macro.note && <Text title="Note" internal={false} text={macro.note} />}
          <div class="form-actions">
            <Button variant="primary" icon="bolt">Apply macro</Button>
            <ButtonLink href={`${href}#reply`} variant="quiet">Cancel</ButtonLink>
          </div>
        </form>
      </Card>
    </section>
  );
}

function Text({ title, text, internal }: { title: string; text: string; internal: boolean }) {
  return (
    <div>
      <p class="label">{title}</p>
      <div class={internal ? "comment comment-internal" : "comment"}>
        {/* deno-lint-ignore react-no-danger */}
        <div class="comment-body prose" dangerouslySetInnerHTML={{ __html: renderMarkdown(text) }} />
      </div>
    </div>
  );
}
