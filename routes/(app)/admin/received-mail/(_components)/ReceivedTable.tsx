import { Badge } from "@/components/Badge.tsx";
import { Time } from "@/components/Time.tsx";
import type { Tone } from "@/components/types.ts";
import type { ReceivedMail } from "@/domain/mail/inbound/list.ts";
import { Breakable } from "@/routes/(app)/admin/users/(_components)/Breakable.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";

export const OUTCOME_LABELS: Record<ReceivedMail["outcome"], string> = {
  waiting: "Waiting",
  commented: "Reply",
  noted: "Internal note",
  opened: "New ticket",
  refused: "Rejected",
  ignored: "Ignored",
};

const TONES: Record<ReceivedMail["outcome"], Tone> = {
  waiting: "neutral",
  commented: "green",
  noted: "amber",
  opened: "green",
  refused: "red",
  ignored: "neutral",
};

/** Received emails with what each led to, or why it was rejected or ignored. */
export function ReceivedTable(
  { mails, reader, now }: { mails: ReceivedMail[]; reader: Reader; now: string },
) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table stacks" role="table">
        <caption class="visually-hidden">Received emails</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Email</th>
            <th scope="col" role="columnheader">Outcome</th>
            <th scope="col" role="columnheader">Received</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {mails.map((mail) => (
            <tr key={mail.id} role="row">
              <td class="c-title" role="cell">
                <strong>
                  <Breakable text={mail.subject || "(no subject)"} />
                </strong>
                <div class="muted small">
                  from <Breakable text={mail.sender} />
                  {mail.verified === false && isTaken(mail) && " (unverified)"}
                </div>
              </td>
              <td role="cell">
                <Badge tone={TONES[mail.outcome]}>{OUTCOME_LABELS[mail.outcome]}</Badge>{" "}
                {mail.ticket && (
                  <a href={`/tickets/${mail.ticket.key}`} title={mail.ticket.title}>{mail.ticket.key}</a>
                )}
                {mail.reason && <div class="muted small">{mail.reason}</div>}
              </td>
              <td class="muted" role="cell">
                <Time at={moment(mail.receivedAt, reader, now)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isTaken({ outcome }: ReceivedMail): boolean {
  return outcome === "noted" || outcome === "opened";
}
