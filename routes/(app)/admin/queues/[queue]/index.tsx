import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { EditQueue, editQueue } from "@/domain/queues/write.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { editFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";
import { queueData } from "@/routes/(app)/admin/queues/(_data)/queue_data.ts";
import { QueuePage } from "@/routes/(app)/admin/queues/(_components)/QueuePage.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: queueData,
  title: ({ queue }) => queue.name,
  schema: EditQueue.extend({ version }),
  run: async (cx, input, ctx) => {
    const { id, name } = await editQueue(cx, { ...input, id: idParam(ctx, "queue") });
    return { to: `/admin/queues/${id}`, flash: editFlash(`Queue “${name}”`, input.archived) };
  },
});

export default define.page<typeof handler>(QueuePage);
