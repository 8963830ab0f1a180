import { page } from "fresh";
import { z } from "zod";
import { define } from "../../../../../define.ts";
import { MANAGERS } from "../../../../../domain/access.ts";
import { unknownId } from "../../../../../domain/errors.ts";
import { DomainError } from "../../../../../domain/errors.ts";
import { addMember, removeMember } from "../../../../../domain/queues/write.ts";
import { id } from "../../../../../domain/validation.ts";
import { redirect } from "../../../../../pages/flash.ts";
import { submit } from "../../../../../pages/load.ts";
import { type QueueData, queueData, queueId } from "../(_components)/data.ts";
import { QueuePage } from "../(_components)/QueuePage.tsx";

const Membership = z.object({ userId: id, change: z.enum(["add", "remove"]) });

export const handler = define.handlers<QueueData>({
  GET: (ctx) => redirect(ctx, `/admin/queues/${queueId(ctx)}`),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: Membership,
      roles: MANAGERS,
      run: async (cx, { userId, change }) => {
        const queue = queueId(ctx);
        const to = `/admin/queues/${queue}`;
        if (change === "remove") {
          await removeMember(cx, { queueId: queue, userId });
          return { to, flash: "Taken out of the team" };
        }
        await addMember(cx, { queueId: queue, userId }).catch((error: unknown) => {
          // The form names the person in a field: that is what is wrong, not the page.
          if (error instanceof DomainError && error.code === "not_found") throw unknownId("userId");
          throw error;
        });
        return { to, flash: "Added to the team" };
      },
    });
    if (result instanceof Response) return result;
    return page(await queueData(ctx, { member: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(QueuePage);
