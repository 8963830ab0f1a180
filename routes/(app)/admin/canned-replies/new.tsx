import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { CreateCannedReply, createCannedReply } from "@/domain/replies/canned/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { CannedReplyForm } from "./(_components)/CannedReplyForm.tsx";

export const handler = formPage({
  roles: STAFF,
  title: "New canned reply",
  schema: CreateCannedReply,
  run: async (cx, input) => {
    const { title } = await createCannedReply(cx, input);
    return { to: "/admin/canned-replies", flash: `“${title}” is ready to use` };
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
