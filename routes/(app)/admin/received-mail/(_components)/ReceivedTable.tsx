import { Badge } from "@/components/Badge.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Time } from "@/components/Time.tsx";
import type { ReceivedMail } from "@/domain/mail/inbound/list.ts";
import { Breakable } from "@/routes/(app)/admin/(_components)/Breakable.tsx";
import { OUTCOMES } from "@/routes/(app)/admin/received-mail/(_data)/outcome_labels.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";

/** Received emails with what each led to, or why it was rejected or ignored. */
export function ReceivedTable(
  { mails, reader, now }: { mails: ReceivedMail[]; reader: Reader; now: string },
) {
  return (
    <StackedTable caption="Received emails" columns={["Email", "Outcome", "Received"]}>
      {mails.map((mail) => (
        <Row key={mail.id}>
          <Cell class="c-title">
            <strong>
              <Breakable text={mail.subject || "(no subject)"} />
            </strong>
            <div class="muted small">
              from <Breakable text={mail.sender} />
              {mail.verified === false && isTaken(mail) && " (unverified)"}
            </div>
          </Cell>
          <Cell>
            <Badge tone={OUTCOMES[mail.outcome].tone}>{OUTCOMES[mail.outcome].label}</Badge>{" "}
            {mail.ticket && (
              <a href={`/tickets/${mail.ticket.key}`} title={mail.ticket.title}>{mail.ticket.key}</a>
            )}
            {mail.reason && <div class="muted small">{mail.reason}</div>}
          </Cell>
          <Cell class="muted">
            <Time at={moment(mail.receivedAt, reader, now)} />
          </Cell>
        </Row>
      ))}
    </StackedTable>
  );
}

function isTaken({ outcome }: ReceivedMail): boolean {
  return outcome === "noted" || outcome === "opened";
}
