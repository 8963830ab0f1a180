import { page } from "fresh";
import { z } from "zod";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { addMember, changeMember, removeMember } from "@/domain/queues/write.ts";
import { id } from "@/domain/validation.ts";
import { redirect } from "@/pages/flash.ts";
import { submit } from "@/pages/load.ts";
import { type QueueData, queueData, queueId } from "@/routes/(app)/admin/queues/(_data)/data.ts";
import { QueuePage } from "@/routes/(app)/admin/queues/(_components)/QueuePage.tsx";

const Membership = z.object({ userId: id, change: z.enum(["add", "remove", "pause", "resume"]) });

export const handler = define.handlers<QueueData>({
  GET: (ctx) => redirect(ctx, `/admin/queues/${queueId(ctx)}`),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: Membership,
      roles: MANAGERS,
      run: async (cx, input) => {
        const queue = queueId(ctx);
        const flash = await changeTeam(cx, { ...input, queueId: queue }).catch((error: unknown) => {
          // The unknown person is an invalid field of the form, not a missing page.
          if (error instanceof DomainError && error.code === "not_found") throw unknownId("userId");
          throw error;
        });
        return { to: `/admin/queues/${queue}`, flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await queueData(ctx, { member: result.form }), { status: result.status });
  },
});

/** @returns the message to show */
async function changeTeam(
  cx: UserCx,
  { change, queueId, userId }: z.output<typeof Membership> & { queueId: string },
): Promise<string> {
  if (change === "add") {
    await addMember(cx, { queueId, userId });
    return "Added to the team";
  }
  if (change === "remove") {
    await removeMember(cx, { queueId, userId });
    return "Removed from the team";
  }
  const { members } = await changeMember(cx, { queueId, userId, accepts: change === "resume" });
  const { name, accepts } = members.find((member) => member.id === userId)!;
  return accepts ? `${name} is assigned new tickets again` : `${name} is no longer assigned new tickets`;
}

export default define.page<typeof handler>(QueuePage);
