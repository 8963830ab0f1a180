import { Card } from "@/components/Card.tsx";
import { FormField } from "@/components/FormField.tsx";
import { MACRO_STATUSES } from "@/domain/replies/macros/fields.ts";
import { PENDING_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PENDING_REASONS } from "@/domain/tickets/model/states.ts";
import type { FormState } from "@/pages/forms.ts";
import { PlaceholderHelp } from "@/routes/(app)/admin/(_components)/PlaceholderHelp.tsx";
import { labelledOptions } from "@/routes/(app)/admin/(_data)/options.ts";
import { MacroSelect } from "./MacroSelect.tsx";

export function ReplyCard({ form }: { form: FormState }) {
  return (
    <Card title="Reply">
      <div class="form">
        <FormField
          form={form}
          name="actions.reply"
          label="Text"
          kind="textarea"
          rows={6}
          maxLength={65536}
          hint="Leave empty for no reply. Markdown is supported"
          optional
        />
        <PlaceholderHelp />
        <FormField
          form={form}
          name="actions.replyVisibility"
          label="Visibility"
          kind="segmented"
          value="public"
          options={[
            { value: "public", label: "Public reply" },
            { value: "internal", label: "Internal note" },
          ]}
        />
      </div>
    </Card>
  );
}

export function StatusCard({ form }: { form: FormState }) {
  return (
    <Card title="Status">
      <div class="form">
        <MacroSelect
          form={form}
          name="actions.status"
          label="Status"
          options={labelledOptions(MACRO_STATUSES, STATUS_LABELS)}
        />
        <div class="form-row">
          <MacroSelect
            form={form}
            name="actions.reason"
            label="Waiting for"
            none="Only when pending"
            options={labelledOptions(PENDING_REASONS, PENDING_LABELS)}
          />
          <FormField
            form={form}
            name="actions.waitDays"
            label="Days to wait"
            kind="number"
            inputMode="numeric"
            hint="Only when scheduled"
            optional
          />
        </div>
        <FormField
          form={form}
          name="actions.note"
          label="Note"
          kind="textarea"
          rows={3}
          maxLength={65536}
          hint="Used as the resolution note; visible to the requester"
          optional
        />
      </div>
    </Card>
  );
}
