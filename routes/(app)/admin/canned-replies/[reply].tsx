import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ConflictNotice } from "@/components/ConflictNotice.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { type CannedReply, getCannedReply } from "@/domain/replies/canned/read.ts";
import { EditCannedReply, editCannedReply } from "@/domain/replies/canned/write.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";
import { CannedReplyForm } from "./(_components)/CannedReplyForm.tsx";

interface Data {
  reply: CannedReply;
  form: FormState;
}

async function replyData(ctx: Context<State>, form: FormState): Promise<Data> {
  const reply = await load(ctx, (cx) => getCannedReply(cx, idIn(ctx.params.reply)), STAFF);
  ctx.state.title = reply.title;
  return { reply, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await replyData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: EditCannedReply,
      roles: STAFF,
      run: async (cx, { version = 0, ...edit }) => {
        const reply = await editCannedReply(cx, { ...edit, version, id: idIn(ctx.params.reply) });
        const flash = edit.archived === undefined
          ? "Saved"
          : reply.archived
          ? `Canned reply “${reply.title}” archived`
          : `Canned reply “${reply.title}” restored`;
        return { to: "/admin/canned-replies", flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await replyData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { reply, form }, state }) => {
  const mayKeep = !reply.shared || MANAGERS.includes(state.viewer!.actor.role);
  return (
    <div class="page page-narrow">
      <PageHeader
        title={reply.title}
        crumbs={[{ label: "Canned replies", href: "/admin/canned-replies" }, { label: "Edit" }]}
        meta={
          <Badge tone={reply.shared ? "accent" : "neutral"}>
            {reply.shared ? "Everyone on the help desk" : "Only you"}
          </Badge>
        }
      />
      {!mayKeep && (
        <Card title="Text">
          {/* deno-lint-ignore react-no-danger */}
          <div class="prose" dangerouslySetInnerHTML={{ __html: renderMarkdown(reply.body) }} />
          <p class="hint">
            Only managers can edit shared replies. You can use this one or write your own.
          </p>
        </Card>
      )}
      {mayKeep && (form.refusal?.code === "stale_version"
        ? <Conflict reply={reply} form={form} />
        : reply.archived
        ? (
          <FormErrors
            errors={Object.values(form.errors).map((message) => ({ field: "", message }))}
          />
        )
        : <CannedReplyForm reply={reply} form={form} mayShare={false} />)}
      {mayKeep && <Archive reply={reply} />}
    </div>
  );
});

function Conflict({ reply, form: { values } }: Data) {
  const fields = (["title", "body"] as const).filter((name) => (values[name] ?? reply[name]) !== reply[name])
    .map((name) => ({
      name,
      label: name === "title" ? "Title" : "Text",
      yours: { value: values[name]!, text: values[name]! },
      theirs: { value: reply[name], text: reply[name] },
    }));
  return (
    <ConflictNotice
      action={`/admin/canned-replies/${reply.id}`}
      version={reply.version}
      fields={fields}
      cancelHref="/admin/canned-replies"
    />
  );
}

function Archive({ reply }: { reply: CannedReply }) {
  return (
    <Card title={reply.archived ? "Archived" : "No longer needed?"}>
      <form class="form" id="archive" method="post">
        <p class="muted">
          {reply.archived
            ? "It isn't offered on tickets. Restore it to edit it."
            : "Archived replies are no longer offered. Messages already sent stay as they are."}
        </p>
        <input type="hidden" name="version" value={reply.version} />
        <input type="hidden" name="archived" value={String(!reply.archived)} />
        <div class="form-actions">
          <Button>{reply.archived ? "Restore" : "Archive"}</Button>
        </div>
      </form>
    </Card>
  );
}
