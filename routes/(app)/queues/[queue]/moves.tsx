import { type Context, page } from "fresh";
import { z } from "zod";
import { moveTitle, moveWord } from "@/components/BoardMove.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { TransitionFields } from "@/components/TransitionFields.tsx";
import { define, type State } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { getQueue } from "@/domain/queues/read.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import { TransitionTicket, transitionTicket } from "@/domain/tickets/transition.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import type { Named } from "@/domain/shared/types.ts";
import { redirect } from "@/pages/flash.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { takeForm } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { load } from "@/pages/load.ts";
import { withInstant } from "@/pages/local_time.ts";
import { BoardPage } from "./(_components)/BoardPage.tsx";
import { type BoardData, boardData, boardPath } from "./(_data)/board_data.ts";

/** `asked` comes from the page that asks for a note or a reason: its errors are shown there. */
const Move = TransitionTicket.extend({ ticket: z.string().max(40), asked: z.literal("yes").optional() });

/** A move that needs a note or a reason, before it is made. */
interface Asking {
  queue: Named;
  ticket: Ticket;
  to: Status;
  form: FormState;
  back: string;
}

type Data = { board: BoardData; asking: null } | { board: null; asking: Asking };

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { ticket, to } = Object.fromEntries(ctx.url.searchParams);
    if (!ticket || (to !== "resolved" && to !== "pending")) return redirect(ctx, boardPath(ctx));
    return page({ board: null, asking: await ask(ctx, { ticket, to, form: EMPTY_FORM }) });
  },
  POST: (ctx) =>
    takeForm(ctx, {
      schema: Move,
      roles: STAFF,
      prepare: (values, cx) => withInstant(values, cx.actor.timeZone),
      run: async (cx, { ticket, version = 0, asked, ...move }) => {
        const lacks = move.to === "resolved" ? !move.note : move.to === "pending" && !move.reason;
        if (lacks && !asked) {
          const query = new URLSearchParams({ ticket, to: move.to, ...ofBoard(ctx) });
          return { to: `/queues/${idParam(ctx, "queue")}/moves?${query}` };
        }
        const moved = await transitionTicket(cx, { ...move, version, id: ticket });
        return { to: boardPath(ctx), flash: `${moved.key} is now ${STATUS_LABELS[moved.status]}` };
      },
    }, (form) => refused(ctx, form)),
});

/** A refused move: the page that asks for more, where it came from there, or else the board. */
async function refused(ctx: Context<State>, form: FormState): Promise<Data> {
  const { ticket, to, asked } = form.values;
  if (asked && ticket && form.refusal?.status === 422 && (to === "resolved" || to === "pending")) {
    return { board: null, asking: await ask(ctx, { ticket, to, form }) };
  }
  return { board: await boardData(ctx, form), asking: null };
}

function ofBoard(ctx: Context<State>): { of?: string } {
  const of = ctx.url.searchParams.get("of");
  return of ? { of } : {};
}

async function ask(
  ctx: Context<State>,
  { ticket: key, to, form }: { ticket: string; to: Status; form: FormState },
): Promise<Asking> {
  const { queue, ticket } = await load(ctx, async (cx) => {
    const [queue, ticket] = await Promise.all([getQueue(cx, idParam(ctx, "queue")), getTicket(cx, key)]);
    return { queue: { id: queue.id, name: queue.name }, ticket };
  }, STAFF);
  ctx.state.title = moveTitle(ticket.key, to);
  return { queue, ticket, to, form, back: boardPath(ctx) };
}

export default define.page<typeof handler>(({ data: { board, asking }, ...props }) => {
  if (board) return <BoardPage {...props} data={board} />;
  const { queue, ticket, to, form, back } = asking;
  return (
    <div class="page page-narrow">
      <PageHeader
        title={moveTitle(ticket.key, to)}
        crumbs={[{ label: "Queues", href: "/queues" }, { label: queue.name, href: back }, {
          label: ticket.key,
        }]}
        meta={ticket.title}
      />
      <ErrorList form={form} idPrefix={to} />
      <form class="form" method="post" action={back.replace(queue.id, `${queue.id}/moves`)}>
        <input type="hidden" name="ticket" value={ticket.key} />
        <input type="hidden" name="to" value={to} />
        <input type="hidden" name="asked" value="yes" />
        <HiddenFields form={form} version={ticket.version} />
        <TransitionFields to={to} values={form.values} errors={form.errors} />
        <div class="form-actions">
          <Button variant="primary">{moveWord(to)}</Button>
          <ButtonLink href={back} variant="quiet">Back to the board</ButtonLink>
        </div>
      </form>
    </div>
  );
});
