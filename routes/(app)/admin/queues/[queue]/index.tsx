import { page } from "fresh";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { EditQueue, editQueue } from "@/domain/queues/write.ts";
import { version } from "@/domain/validation.ts";
import { submit } from "@/pages/load.ts";
import { type QueueData, queueData, queueId } from "@/routes/(app)/admin/queues/(_data)/data.ts";
import { QueuePage } from "@/routes/(app)/admin/queues/(_components)/QueuePage.tsx";

export const handler = define.handlers<QueueData>({
  GET: async (ctx) => page(await queueData(ctx)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: EditQueue.extend({ version }),
      roles: MANAGERS,
      prepare: (values) =>
        values.archived === undefined
          ? values
          : { ...values, archived: values.archived === "yes" } as unknown as typeof values,
      run: async (cx, input) => {
        const queue = await editQueue(cx, { ...input, id: queueId(ctx) });
        const flash = input.archived === undefined
          ? `Queue “${queue.name}” saved`
          : queue.archived
          ? `Queue “${queue.name}” archived. It gets no new tickets`
          : `Queue “${queue.name}” restored`;
        return { to: `/admin/queues/${queue.id}`, flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await queueData(ctx, { form: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(QueuePage);
