import type { PageProps } from "fresh";
import { nameOf } from "@/components/Avatar.tsx";
import { PriorityBadge, StatusBadge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Conversation } from "@/components/Conversation.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StateActions } from "@/components/StateActions.tsx";
import { Time } from "@/components/Time.tsx";
import type { State } from "@/define.ts";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { Status } from "@/domain/tickets/model/states.ts";
import { LiveTicket } from "@/islands/LiveTicket.tsx";
import { Presence } from "@/islands/Presence.tsx";
import type { FormState } from "@/pages/forms.ts";
import { localTime } from "@/pages/local_time.ts";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";
import { toldApart } from "@/routes/(app)/tickets/[key]/(_data)/told_apart.ts";
import { conversation } from "@/routes/(app)/tickets/[key]/(_data)/conversation_entries.ts";
import { MacroCard } from "./MacroCard.tsx";
import { MergedNotice, opensFollowUp } from "./MergedNotice.tsx";
import { RatingCard } from "./RatingCard.tsx";
import { ReplyBox } from "./ReplyBox.tsx";
import { TicketSide } from "./TicketSide.tsx";

/** A ticket: what was asked, what was said and done, and what can be done next. */
export function TicketPage({ data, state }: PageProps<TicketData, State>) {
  const { ticket, now, may } = data;
  const reader = state.viewer!.actor;
  const href = `/tickets/${ticket.key}`;
  const entries = conversation(data, reader);
  return (
    <div class="page">
      <PageHeader
        title={ticket.title}
        crumbs={[{ label: "Tickets", href: "/tickets" }, { label: ticket.key }]}
        meta={
          <>
            <StatusBadge status={ticket.status} />
            <PriorityBadge priority={ticket.priority} />
            <span>Opened by {nameOf(toldApart(ticket.requester, data.namesakes))}</span>
            <Time at={moment(ticket.createdAt, reader, now)} />
          </>
        }
        actions={
          <>
            <StateActions
              action={`${href}/transitions`}
              version={ticket.version}
              from={ticket.status}
              allowed={[...ticket.allowedTransitions]}
              failed={data.move.values.to as Status | undefined}
              values={data.move.values}
              errors={data.move.errors}
              waiting={may.work && ticket.pendingReason
                ? {
                  reason: ticket.pendingReason,
                  until: ticket.pendingUntil ? localTime(ticket.pendingUntil, reader.timeZone) : "",
                }
                : undefined}
            />
            {may.edit && ticket.mergedAt === null && (
              <ButtonLink href={`${href}/edit`} icon="edit" variant="quiet">Edit</ButtonLink>
            )}
          </>
        }
      />
      {may.work && ticket.mergedAt === null && (
        <div class="presence-place">
          <Presence ticketId={ticket.id} />
        </div>
      )}
      {data.unread > 0 && (
        <form class="notices-here" method="post" action="/notifications">
          <input type="hidden" name="ticketId" value={ticket.id} />
          <input type="hidden" name="before" value={now} />
          <Button size="sm" icon="check">
            {data.unread === 1 ? "Mark 1 notification as read" : `Mark ${data.unread} notifications as read`}
          </Button>
        </form>
      )}
      <Refused form={data.move} />
      <MergedNotice data={data} reader={reader} />
      <div class="ticket">
        <TicketSide data={data} reader={reader} />
        <div class="ticket-talk">
          {data.earlier && (
            <ButtonLink href={`${href}?before=${encodeURIComponent(data.earlier)}`} size="sm">
              Show earlier
            </ButtonLink>
          )}
          <Conversation entries={entries} />
          {!data.latest && <ButtonLink href={href} size="sm">Show the latest</ButtonLink>}
          {ticket.resolutionNote && <Resolution text={ticket.resolutionNote} />}
          <RatingCard data={data} reader={reader} />
          <div class="live-here">
            <LiveTicket
              id={ticket.id}
              href={ticket.mergedInto ? `${href}?view=source` : href}
              me={reader.id}
              latest={data.latest}
            />
          </div>
          <Reply data={data} reader={reader} />
        </div>
      </div>
    </div>
  );
}

/** The reply box, where a reply goes somewhere. */
function Reply({ data, reader }: { data: TicketData; reader: Reader & { id: string } }) {
  const late = opensFollowUp(data, reader.id);
  if (data.ticket.mergedAt !== null && !late) return null;
  return (
    <>
      <MacroCard data={data} />
      {late && data.ticket.mergedAt === null && (
        <Banner kind="info">
          This ticket can no longer be reopened. If something is still wrong, reply here: your reply opens a
          new ticket that is linked to this one.
        </Banner>
      )}
      <ReplyBox data={data} reader={reader} />
    </>
  );
}

function Resolution({ text }: { text: string }) {
  return (
    <Banner kind="success">
      <strong>Resolution</strong>
      {/* deno-lint-ignore react-no-danger */}
      <div class="prose" dangerouslySetInnerHTML={{ __html: renderMarkdown(text) }} />
    </Banner>
  );
}

/** Why a change of status was refused, apart from what is shown beside its fields. */
function Refused({ form }: { form: FormState }) {
  const blockers = form.refusal?.facts.errors?.filter(({ path }) => path === "to") ?? [];
  return <ErrorList form={form} only="general" message={blockers.map(({ message }) => message)} />;
}
