import { Button } from "../../../../components/Button.tsx";
import { Card } from "../../../../components/Card.tsx";
import { Field } from "../../../../components/Field.tsx";
import { OPTIONAL_MAILS } from "../../../../domain/identity/preferences.ts";
import { formOf, type ProfileData } from "./data.ts";

const LABELS: Record<typeof OPTIONAL_MAILS[number], string> = {
  ticket_created: "A ticket of mine is opened",
  comment_added: "Somebody replies to a ticket I take part in",
  ticket_assigned: "A ticket is assigned to me",
  ticket_resolved: "A ticket of mine is resolved",
};

/** Which e-mails a person wants. */
export function MailsCard({ data }: { data: ProfileData }) {
  const { values, errors, refusal } = formOf(data, "mails");
  return (
    <Card title="E-mails">
      <form class="form" id="mails" method="post" action="/profile/preferences">
        <fieldset aria-describedby="mails-hint">
          <legend class="label">Write to me when</legend>
          {OPTIONAL_MAILS.map((mail) => (
            <Field
              key={mail}
              name={`mail.${mail}`}
              label={LABELS[mail]}
              kind="checkbox"
              checked={refusal ? values[`mail.${mail}`] === "on" : data.preferences.mail[mail]}
              error={errors[`mail.${mail}`]}
            />
          ))}
          <p class="hint" id="mails-hint">Mails about your password and invitations always come</p>
        </fieldset>
        <div class="form-actions">
          <Button>Save e-mails</Button>
        </div>
      </form>
    </Card>
  );
}
