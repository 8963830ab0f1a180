import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { CreateQueue, createQueue } from "@/domain/queues/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { QueueForm } from "./(_components)/QueueForm.tsx";

export const handler = formPage({
  roles: MANAGERS,
  title: "New queue",
  schema: CreateQueue,
  run: async (cx, input) => {
    const { id, name } = await createQueue(cx, input);
    return { to: `/admin/queues/${id}`, flash: `Queue “${name}” created. Add its members` };
  },
});

export default define.page<typeof handler>(({ data: { form } }) => (
  <div class="page page-narrow">
    <PageHeader title="New queue" crumbs={[{ label: "Queues", href: "/admin/queues" }, { label: "New" }]} />
    <ErrorList form={form} />
    <QueueForm form={form} />
  </div>
));
