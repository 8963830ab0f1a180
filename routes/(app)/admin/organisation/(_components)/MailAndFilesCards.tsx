import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { FormField } from "@/components/FormField.tsx";
import type { Settings } from "@/domain/organisations/settings.ts";
import type { FormState } from "@/pages/forms.ts";

interface Props {
  settings: Settings;
  form: FormState;
}

export function MailCard({ settings, form, mailTo }: Props & { mailTo: string | null }) {
  return (
    <Card title="Email">
      <div class="form">
        {mailTo && (
          <Field
            name="mailTo"
            label="Address for new tickets"
            value={mailTo}
            hint="Emails to this address become tickets"
            readOnly
          />
        )}
        <FormField
          form={form}
          name="inboundUnknown"
          label="Emails from unknown senders"
          kind="select"
          value={settings.inboundUnknown}
          options={[
            { value: "reject", label: "Reject" },
            { value: "accept", label: "Accept, and add the sender as a requester" },
          ]}
          hint={mailTo
            ? "Accepted replies from other addresses become internal notes, marked as unverified"
            : "Takes effect once this installation receives email (INBOUND_DOMAIN)"}
        />
      </div>
    </Card>
  );
}

/** `quota` is the installation's default in MiB. */
export function FilesCard({ settings, form, quota }: Props & { quota: number }) {
  const size = quota.toLocaleString("en");
  return (
    <Card title="Files">
      <div class="form">
        <FormField
          form={form}
          name="attachmentQuotaMib"
          label="Storage for all files (MiB)"
          kind="number"
          inputMode="numeric"
          value={settings.attachmentQuotaMib === null ? "" : String(settings.attachmentQuotaMib)}
          placeholder={size}
          hint={`Leave empty for this installation's default, ${size} MiB`}
          optional
        />
      </div>
    </Card>
  );
}
