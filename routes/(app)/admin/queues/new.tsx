import { page } from "fresh";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { CreateQueue, createQueue } from "@/domain/queues/write.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { QueueForm } from "./(_components)/QueueForm.tsx";

export const handler = define.handlers<FormState>({
  async GET(ctx) {
    ctx.state.title = "New queue";
    await load(ctx, async () => {}, MANAGERS);
    return page(EMPTY_FORM);
  },
  async POST(ctx) {
    ctx.state.title = "New queue";
    const result = await submit(ctx, {
      schema: CreateQueue,
      roles: MANAGERS,
      run: async (cx, input) => {
        const queue = await createQueue(cx, input);
        return {
          to: `/admin/queues/${queue.id}`,
          flash: `Queue “${queue.name}” created. Add its members`,
        };
      },
    });
    if (result instanceof Response) return result;
    return page(result.form, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: form }) => (
  <div class="page page-narrow">
    <PageHeader title="New queue" crumbs={[{ label: "Queues", href: "/admin/queues" }, { label: "New" }]} />
    <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
    <QueueForm values={form.values} errors={form.errors} submit="Create queue" />
  </div>
));
