import { z } from "zod";
import { define } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { leaveQueue } from "@/domain/handover/leave.ts";
import { addMember, changeMember } from "@/domain/queues/write.ts";
import { id } from "@/domain/validation.ts";
import { ticketsBack } from "@/routes/(app)/admin/(_data)/tickets_back.ts";
import { redirect } from "@/pages/flash.ts";
import { takeForm } from "@/pages/form_page.ts";
import { EMPTY_FORM } from "@/pages/forms.ts";
import { idParam } from "@/pages/id_param.ts";
import { load } from "@/pages/load.ts";
import { queueData } from "@/routes/(app)/admin/queues/(_data)/queue_data.ts";
import { QueuePage, type QueuePageData } from "@/routes/(app)/admin/queues/(_components)/QueuePage.tsx";

const Membership = z.object({ userId: id, change: z.enum(["add", "remove", "pause", "resume"]) });

export const handler = define.handlers<QueuePageData>({
  GET: (ctx) => redirect(ctx, `/admin/queues/${idParam(ctx, "queue")}`),
  POST: (ctx) =>
    takeForm(ctx, {
      schema: Membership,
      roles: MANAGERS,
      run: async (cx, input) => {
        const queueId = idParam(ctx, "queue");
        const flash = await changeTeam(cx, { ...input, queueId }).catch((error: unknown) => {
          // The unknown person is an invalid field of the form, not a missing page.
          if (error instanceof DomainError && error.code === "not_found") throw unknownId("userId");
          throw error;
        });
        return { to: `/admin/queues/${queueId}`, flash };
      },
    }, async (member) => {
      const data = await load(ctx, (cx) => queueData(cx, ctx), MANAGERS);
      ctx.state.title = data.queue.name;
      return { ...data, form: EMPTY_FORM, member };
    }),
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
    const handed = await leaveQueue(cx, { queueId, userId });
    return `Removed from the team${ticketsBack(handed, "the queue")}`;
  }
  const { members } = await changeMember(cx, { queueId, userId, accepts: change === "resume" });
  const { name, accepts } = members.find((member) => member.id === userId)!;
  return accepts ? `${name} is assigned new tickets again` : `${name} is no longer assigned new tickets`;
}

export default define.page<typeof handler>(QueuePage);
