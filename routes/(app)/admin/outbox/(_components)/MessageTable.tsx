import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { OutboxMessage } from "@/domain/messages/messages.ts";
import { Breakable } from "@/routes/(app)/admin/(_components)/Breakable.tsx";
import { standing, templateLabel } from "@/routes/(app)/admin/outbox/(_data)/message_labels.ts";

/** Messages with their state, and a button to retry failed ones. */
export function MessageTable(
  { messages, reader, now }: {
    messages: OutboxMessage[];
    reader: Reader;
    now: string;
  },
) {
  return (
    <StackedTable caption="Messages" columns={["Message", "State", "When", { hidden: "Retry" }]}>
      {messages.map((message) => (
        <Row key={message.id} id={`message-${message.id}`}>
          <Cell class="c-title">
            <What message={message} />
          </Cell>
          <Cell>
            <Standing message={message} />
          </Cell>
          <Cell class="muted">
            <When message={message} reader={reader} now={now} />
          </Cell>
          <Cell class="actions">
            <Retry message={message} />
          </Cell>
        </Row>
      ))}
    </StackedTable>
  );
}

function Standing({ message }: { message: OutboxMessage }) {
  const { tone, label } = standing(message);
  return <Badge tone={tone}>{label}</Badge>;
}

const KIND_ICONS = { email: "mail", webhook: "link", inbound: "inbox" } as const;

function What({ message }: { message: OutboxMessage }) {
  const { kind, recipient, sender, ticket, note, state } = message;
  return (
    <>
      <strong class="outbox-to">
        <Icon name={KIND_ICONS[kind]} size="sm" />
        <Breakable text={sender ?? recipient} />
      </strong>
      <div class="muted small">
        {templateLabel(message)}
        {ticket && (
          <>
            {" · "}
            <a href={`/tickets/${ticket.key}`}>{ticket.key}</a>
          </>
        )}
      </div>
      {note && (
        <p class={state === "sent" || state === "skipped" ? "outbox-note muted" : "outbox-note"}>{note}</p>
      )}
    </>
  );
}

function When({ message, reader, now }: { message: OutboxMessage; reader: Reader; now: string }) {
  const { state, attempts, maxAttempts, createdAt, finishedAt, nextTryAt, deliveryAt } = message;
  const at = (iso: string) => <Time at={moment(iso, reader, now)} />;
  const over = state === "sent" || state === "skipped" || state === "failed";
  const tried = attempts > 1 || attempts === 1 && state !== "sent" && state !== "skipped";
  return (
    <>
      {state === "retrying" && nextTryAt
        ? <>next attempt {at(nextTryAt)}</>
        : <>{at(deliveryAt ?? finishedAt ?? createdAt)}</>}
      {tried && (
        <div class="small">
          {over
            ? `after ${attempts} attempt${attempts === 1 ? "" : "s"}`
            : `attempt ${attempts} of ${maxAttempts}`}
        </div>
      )}
    </>
  );
}

function Retry({ message }: { message: OutboxMessage }) {
  const { id, state, kind, recipient, sender } = message;
  if (state !== "failed" && state !== "retrying") return null;
  return (
    <form method="post" action={`/admin/outbox/${id}/retry`}>
      <input type="hidden" name="from" value={state} />
      <Button
        size="sm"
        icon="refresh"
        label={kind === "inbound" ? `Retry the email from ${sender}` : `Retry the message to ${recipient}`}
      >
        {state === "failed" ? "Retry" : "Retry now"}
      </Button>
    </form>
  );
}
