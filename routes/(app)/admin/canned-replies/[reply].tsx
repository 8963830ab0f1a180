import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { type CannedReply, getCannedReply } from "@/domain/replies/canned/read.ts";
import { EditCannedReply, editCannedReply } from "@/domain/replies/canned/write.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { version } from "@/domain/validation.ts";
import { formPage, type WithForm } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { editFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";
import { CannedReplyForm } from "./(_components)/CannedReplyForm.tsx";
import { ReplyConflict } from "./(_components)/ReplyConflict.tsx";
import { SharedBadge } from "./(_components)/SharedBadge.tsx";

export const handler = formPage({
  roles: STAFF,
  load: async (cx, ctx) => ({ reply: await getCannedReply(cx, idParam(ctx, "reply")) }),
  title: ({ reply }) => reply.title,
  schema: EditCannedReply.extend({ version }),
  run: async (cx, input, ctx) => {
    const { title } = await editCannedReply(cx, { ...input, id: idParam(ctx, "reply") });
    return { to: "/admin/canned-replies", flash: editFlash(`Canned reply “${title}”`, input.archived) };
  },
});

export default define.page<typeof handler>(({ data: { reply, form }, state }) => {
  const mayEdit = !reply.shared || MANAGERS.includes(state.viewer!.actor.role);
  return (
    <div class="page page-narrow">
      <PageHeader
        title={reply.title}
        crumbs={[{ label: "Canned replies", href: "/admin/canned-replies" }, { label: "Edit" }]}
        meta={<SharedBadge shared={reply.shared} />}
      />
      {mayEdit ? <Editor reply={reply} form={form} /> : (
        <Card title="Text">
          {/* deno-lint-ignore react-no-danger */}
          <div class="prose" dangerouslySetInnerHTML={{ __html: renderMarkdown(reply.body) }} />
          <p class="hint">Only managers can edit shared replies. You can use this one or write your own.</p>
        </Card>
      )}
    </div>
  );
});

function Editor({ reply, form }: WithForm<{ reply: CannedReply }>) {
  return (
    <>
      {form.refusal?.code === "stale_version"
        ? <ReplyConflict reply={reply} form={form} />
        : reply.archived
        ? <ErrorList form={form} unlinked />
        : <CannedReplyForm reply={reply} form={form} />}
      <ArchiveCard archived={reply.archived} version={reply.version}>
        {reply.archived
          ? "It isn't offered on tickets. Restore it to edit it."
          : "Archived replies are no longer offered. Messages already sent stay as they are."}
      </ArchiveCard>
    </>
  );
}
