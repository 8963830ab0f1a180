import { page } from "fresh";
import { define } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { ChangeMember, changeMember } from "@/domain/queues/write.ts";
import { id } from "@/domain/validation.ts";
import { redirect } from "@/pages/flash.ts";
import { submit } from "@/pages/load.ts";
import { BoardPage } from "./(_components)/BoardPage.tsx";
import { type BoardData, boardData, queueId } from "./(_data)/data.ts";

export const handler = define.handlers<BoardData>({
  GET: (ctx) => redirect(ctx, `/queues/${queueId(ctx)}`),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: ChangeMember.extend({ userId: id }),
      roles: STAFF,
      run: async (cx, input) => {
        const queue = await changeMember(cx, { ...input, queueId: queueId(ctx) });
        const { name } = queue.members.find((member) => member.id === input.userId)!;
        const flash = input.accepts ? `${name} takes tickets again` : `${name} is passed over from now on`;
        return { to: `/queues/${queue.id}`, flash };
      },
    });
    if (result instanceof Response) return result;
    const [problem = ""] = Object.values(result.form.errors);
    return page(await boardData(ctx, problem), { status: result.status });
  },
});

export default define.page<typeof handler>(BoardPage);
