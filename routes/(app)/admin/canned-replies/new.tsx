import { page } from "fresh";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { CreateCannedReply, createCannedReply } from "@/domain/replies/canned/write.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { CannedReplyForm } from "./(_components)/CannedReplyForm.tsx";

interface Data {
  form: FormState;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "New canned reply";
    await load(ctx, () => Promise.resolve(), STAFF);
    return page({ form: EMPTY_FORM });
  },
  async POST(ctx) {
    ctx.state.title = "New canned reply";
    const result = await submit(ctx, {
      schema: CreateCannedReply,
      roles: STAFF,
      run: async (cx, input) => {
        const reply = await createCannedReply(cx, input);
        return { to: "/admin/canned-replies", flash: `“${reply.title}” is ready to use` };
      },
    });
    if (result instanceof Response) return result;
    await load(ctx, () => Promise.resolve(), STAFF);
    return page({ form: result.form }, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { form }, state }) => (
  <div class="page page-narrow">
    <PageHeader
      title="New canned reply"
      crumbs={[{ label: "Canned replies", href: "/admin/canned-replies" }, { label: "New" }]}
    />
    <CannedReplyForm form={form} mayShare={MANAGERS.includes(state.viewer!.actor.role)} />
  </div>
));
