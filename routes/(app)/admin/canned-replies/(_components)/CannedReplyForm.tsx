import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import type { CannedReply } from "@/domain/replies/canned/read.ts";
import type { FormState } from "@/pages/forms.ts";
import { PlaceholderHelp } from "@/routes/(app)/admin/(_components)/PlaceholderHelp.tsx";

/** Title and text of a canned reply. Whether it is shared is chosen once, by those who may share. */
export function CannedReplyForm({ reply, form: { values, errors }, mayShare }: {
  reply?: CannedReply;
  form: FormState;
  mayShare: boolean;
}) {
  return (
    <>
      <FormErrors errors={Object.entries(errors).map(([field, message]) => ({ field, message }))} />
      <form class="form" id="reply" method="post">
        {reply ? <input type="hidden" name="version" value={reply.version} /> : (
          <input
            type="hidden"
            name="idempotencyKey"
            value={values.idempotencyKey ?? crypto.randomUUID()}
          />
        )}
        <Field
          name="title"
          label="Title"
          value={values.title ?? reply?.title}
          error={errors.title}
          hint="What people search for when they insert it"
          maxLength={120}
          autoFocus={!reply}
          required
        />
        <Field
          name="body"
          label="Text"
          kind="textarea"
          rows={8}
          value={values.body ?? reply?.body}
          error={errors.body}
          hint="Markdown is supported"
          maxLength={65536}
          required
        />
        <PlaceholderHelp />
        {!reply && mayShare && (
          <Field
            name="shared"
            label="Who can use it?"
            kind="segmented"
            value={values.shared ?? "true"}
            options={[{ value: "true", label: "Everyone on the help desk" }, {
              value: "false",
              label: "Only me",
            }]}
            error={errors.shared}
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
