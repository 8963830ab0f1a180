import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { FormField } from "@/components/FormField.tsx";
import type { Named } from "@/domain/shared/types.ts";
import { optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";
import type { Settings } from "@/domain/organisations/settings.ts";
import type { FormState } from "@/pages/forms.ts";
import { localeOptions, zoneOptions } from "@/routes/(app)/profile/(_data)/choices.ts";

interface Props {
  settings: Settings;
  form: FormState;
}

export function GeneralCard({ settings, form }: Props) {
  return (
    <Card title="General">
      <div class="form">
        <div class="form-row">
          <FormField
            form={form}
            name="name"
            label="Name"
            value={settings.name}
            hint="Shown to everyone, and as the sender of emails"
            maxLength={120}
            required
          />
          <Field
            name="slug"
            label="Short name"
            value={settings.slug}
            hint={`Part of the address /o/${settings.slug}/sign-in; can't be changed`}
            readOnly
          />
        </div>
        <div class="form-row">
          <FormField
            form={form}
            name="locale"
            label="Language and region"
            kind="select"
            value={settings.locale}
            options={localeOptions(form.values.locale ?? settings.locale)}
            hint="Default for new people; they can change it"
          />
          <FormField
            form={form}
            name="timeZone"
            label="Time zone"
            kind="select"
            value={settings.timeZone}
            options={zoneOptions(form.values.timeZone ?? settings.timeZone)}
            hint="Default for new people"
          />
        </div>
      </div>
    </Card>
  );
}

export function TicketsCard({ settings, queues, form }: Props & { queues: readonly Named[] }) {
  const number = { kind: "number", inputMode: "numeric", required: true } as const;
  return (
    <Card title="Tickets">
      <div class="form">
        <FormField
          form={form}
          name="defaultQueueId"
          label="Default queue"
          kind="select"
          value={settings.defaultQueueId}
          options={optionsOf(queues)}
          hint="Receives tickets that no category, catalog item or person sends elsewhere. Its members are notified"
        />
        <FormField
          form={form}
          name="agentsSeeAll"
          label="Agents see all tickets"
          kind="checkbox"
          checked={settings.agentsSeeAll}
          hint="When off, they only see tickets in their queues or without a queue, and those they are assigned to or involved in"
        />
        <div class="form-row">
          <FormField
            {...number}
            form={form}
            name="autoCloseDays"
            label="Close resolved tickets after (days)"
            value={String(settings.autoCloseDays)}
            hint="Resolved tickets close automatically; 0 means never"
          />
          <FormField
            {...number}
            form={form}
            name="reopenDays"
            label="Reopen window (days)"
            value={String(settings.reopenDays)}
            hint="How long after closing a reply reopens the ticket"
          />
        </div>
        <FormField
          {...number}
          form={form}
          name="commentEditMinutes"
          label="Comment edit window (minutes)"
          value={String(settings.commentEditMinutes)}
          hint="How long authors can edit their comments; earlier versions are kept. 0 means never"
        />
      </div>
    </Card>
  );
}
