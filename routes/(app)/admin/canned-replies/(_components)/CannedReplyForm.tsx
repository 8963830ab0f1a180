import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { CannedReply } from "@/domain/replies/canned/read.ts";
import type { FormState } from "@/pages/forms.ts";
import { PlaceholderHelp } from "@/routes/(app)/admin/(_components)/PlaceholderHelp.tsx";

/** Title and text of a canned reply. Whether it is shared is chosen once, by those who may share. */
export function CannedReplyForm({ reply, form, mayShare = false }: {
  reply?: CannedReply;
  form: FormState;
  mayShare?: boolean;
}) {
  return (
    <>
      <ErrorList form={form} />
      <form class="form" id="reply" method="post">
        <HiddenFields form={form} version={reply?.version} once={!reply} />
        <FormField
          form={form}
          name="title"
          label="Title"
          value={reply?.title}
          hint="What people search for when they insert it"
          maxLength={120}
          autoFocus={!reply}
          required
        />
        <FormField
          form={form}
          name="body"
          label="Text"
          kind="textarea"
          rows={8}
          value={reply?.body}
          hint="Markdown is supported"
          maxLength={65536}
          required
        />
        <PlaceholderHelp />
        {mayShare && (
          <FormField
            form={form}
            name="shared"
            label="Who can use it?"
            kind="segmented"
            value="true"
            options={[
              { value: "true", label: "Everyone on the help desk" },
              { value: "false", label: "Only me" },
            ]}
          />
        )}
        <div class="form-actions">
          <Button variant="primary">Save</Button>
          <ButtonLink href="/admin/canned-replies" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}
