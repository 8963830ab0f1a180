import type { Context } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ConflictNotice } from "@/components/ConflictNotice.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import {
  type CommentPath,
  EditComment,
  editComment,
  getComment,
  getEditableComment,
} from "@/domain/comments/edit.ts";
import { commentPath } from "@/domain/shared/links.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { formPage } from "@/pages/form_page.ts";
import { notNotified } from "@/routes/(app)/tickets/[key]/(_data)/not_notified.ts";

function pathOf(ctx: Context<State>): CommentPath {
  return { ticketId: ctx.params.key!, commentId: ctx.params.comment! };
}

export const handler = formPage({
  // Someone who has run out of time keeps the text.
  load: (cx, ctx, form) => form.refusal ? getComment(cx, pathOf(ctx)) : getEditableComment(cx, pathOf(ctx)),
  title: "Edit comment",
  schema: EditComment,
  run: async (cx, { body, version = 0 }, ctx) => {
    const { comment, ticket, unreached } = await editComment(cx, { ...pathOf(ctx), body, version });
    return await afterTicketChange(cx, ticket, {
      flash: `Saved${notNotified(unreached)}`,
      comment: comment.id,
    });
  },
});

export default define.page<typeof handler>(({ data: { comment, ticket, form } }) => {
  const href = `/tickets/${ticket.key}`;
  const cancel = commentPath(ticket.key, comment.id);
  const mine = form.values.body ?? comment.body;
  return (
    <div class="page page-narrow">
      <PageHeader
        title={comment.visibility === "internal" ? "Edit your note" : "Edit your reply"}
        crumbs={[{ label: "Tickets", href: "/tickets" }, { label: ticket.key, href }, { label: "Edit" }]}
        meta={<span>{ticket.title}</span>}
      />
      {form.refusal?.code === "stale_version"
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
            <ErrorList form={form} />
            <form class="form" method="post">
              <HiddenFields form={form} version={comment.version} />
              <Field
                name="body"
                label="Text"
                kind="textarea"
                rows={10}
                value={mine}
                error={form.errors.body}
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
});
