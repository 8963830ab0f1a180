import { type Context, page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ConflictNotice } from "@/components/ConflictNotice.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import {
  type CommentInTicket,
  type CommentPath,
  EditComment,
  editComment,
  getComment,
  getEditableComment,
} from "@/domain/comments/edit.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { notNotified } from "@/routes/(app)/tickets/[key]/(_data)/not_notified.ts";

interface Data extends CommentInTicket {
  form: FormState;
}

function pathOf(ctx: Context<State>): CommentPath {
  return { ticketId: ctx.params.key!, commentId: ctx.params.comment! };
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Edit comment";
    return page({ ...await load(ctx, (cx) => getEditableComment(cx, pathOf(ctx))), form: EMPTY_FORM });
  },
  async POST(ctx) {
    ctx.state.title = "Edit comment";
    const result = await submit(ctx, {
      schema: EditComment,
      run: async (cx, { body, version = 0 }) => {
        const { comment, ticket, unreached } = await editComment(cx, { ...pathOf(ctx), body, version });
        return {
          to: `/tickets/${ticket.key}#comment-${comment.id}`,
          flash: `Saved${notNotified(unreached)}`,
        };
      },
    });
    if (result instanceof Response) return result;
    // Who has run out of time gets to keep the text.
    const data = await load(ctx, (cx) => getComment(cx, pathOf(ctx)));
    return page({ ...data, form: result.form }, { status: result.status });
  },
});

export default define.page<typeof handler>(
  ({ data: { comment, ticket, form: { values, errors, refusal } } }) => {
    const href = `/tickets/${ticket.key}`;
    const cancel = `${href}#comment-${comment.id}`;
    const mine = values.body ?? comment.body;
    return (
      <div class="page page-narrow">
        <PageHeader
          title={comment.visibility === "internal" ? "Edit your note" : "Edit your reply"}
          crumbs={[{ label: "Tickets", href: "/tickets" }, { label: ticket.key, href }, { label: "Edit" }]}
          meta={<span>{ticket.title}</span>}
        />
        {refusal?.code === "stale_version"
          ? (
            <ConflictNotice
              action={`${href}/comments/${comment.id}/edit`}
              version={comment.version}
              fields={[{
                name: "body",
                label: "Text",
                yours: { value: mine, text: mine },
                theirs: { value: comment.body, text: comment.body },
              }]}
              cancelHref={cancel}
            />
          )
          : (
            <>
              <FormErrors errors={Object.entries(errors).map(([field, message]) => ({ field, message }))} />
              <form class="form" method="post">
                <input type="hidden" name="version" value={values.version ?? comment.version} />
                <Field
                  name="body"
                  label="Text"
                  kind="textarea"
                  rows={10}
                  value={mine}
                  error={errors.body}
                  hint="Earlier versions stay visible to you and the help desk. Markdown is supported"
                  maxLength={65536}
                  required
                  autoFocus
                />
                <div class="form-actions">
                  <Button variant="primary">Save</Button>
                  <ButtonLink href={cancel} variant="quiet">Cancel</ButtonLink>
                </div>
              </form>
            </>
          )}
      </div>
    );
  },
);
