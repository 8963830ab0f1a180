import { define } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { ChangeMember, changeMember } from "@/domain/queues/write.ts";
import { id } from "@/domain/validation.ts";
import { redirect } from "@/pages/flash.ts";
import { takeForm } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { type BoardData, boardData } from "./(_data)/board_data.ts";

export const handler = define.handlers<BoardData>({
  GET: (ctx) => redirect(ctx, `/queues/${idParam(ctx, "queue")}`),
  POST: (ctx) =>
    takeForm(ctx, {
      schema: ChangeMember.extend({ userId: id }),
      roles: STAFF,
      run: async (cx, input) => {
        const queue = await changeMember(cx, { ...input, queueId: idParam(ctx, "queue") });
        const { name } = queue.members.find((member) => member.id === input.userId)!;
        const flash = input.accepts ? `${name} gets new tickets again` : `${name} no longer gets new tickets`;
        return { to: `/queues/${queue.id}`, flash };
      },
    }, (form) => boardData(ctx, form)),
});

export { BoardPage as default } from "./(_components)/BoardPage.tsx";
