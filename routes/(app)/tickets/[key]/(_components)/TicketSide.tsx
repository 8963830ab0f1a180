import { PersonName } from "@/components/Avatar.tsx";
import { PriorityBadge, StatusBadge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { type Property, PropertyList, SidePanel } from "@/components/PropertyList.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { LEVEL_LABELS, PENDING_LABELS, TYPE_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";
import { toldApart } from "@/routes/(app)/tickets/[key]/(_data)/told_apart.ts";
import { FilesPanel } from "./FilesPanel.tsx";
import { RequestPanel } from "./RequestPanel.tsx";
import { SlaPanel } from "./SlaPanel.tsx";
import { LinksPanel } from "./LinksPanel.tsx";
import { RatingPanel } from "./RatingCard.tsx";
import { TagList } from "./TagList.tsx";
import { WatchersPanel } from "./WatchersPanel.tsx";

/** Beside the conversation: the ticket's properties, and for staff the form that assigns it. */
export function TicketSide({ data, reader }: { data: TicketData; reader: Reader & { id: string } }) {
  return (
    <div class="ticket-side">
      <SidePanel title="Details" open={data.tag.refusal !== undefined}>
        <PropertyList items={facts(data, reader)} />
        <TagList data={data} />
      </SidePanel>
      <RequestPanel request={data.request} />
      <SlaPanel ticket={data.ticket} reader={reader} now={data.now} />
      {data.may.work && data.ticket.mergedAt === null && (
        <SidePanel title="Assign" open={Object.keys(data.assign.errors).length > 0}>
          <AssignForm data={data} />
        </SidePanel>
      )}
      <RatingPanel data={data} reader={reader} />
      <LinksPanel data={data} reader={reader} />
      <WatchersPanel data={data} reader={reader} />
      <FilesPanel data={data} reader={reader} />
    </div>
  );
}

function facts({ ticket, namesakes, now }: TicketData, reader: Reader): Property[] {
  const time = (iso: string) => <Time at={moment(iso, reader, now)} absolute />;
  return [
    { label: "Status", value: <StatusBadge status={ticket.status} /> },
    ...(ticket.pendingReason ? [{ label: "Pending", value: PENDING_LABELS[ticket.pendingReason] }] : []),
    ...(ticket.pendingUntil ? [{ label: "Until", value: time(ticket.pendingUntil) }] : []),
    { label: "Priority", value: <PriorityBadge priority={ticket.priority} /> },
    { label: "Requester", value: <PersonName person={toldApart(ticket.requester, namesakes)} /> },
    {
      label: "Assignee",
      value: <PersonName person={ticket.assignee && toldApart(ticket.assignee, namesakes)} />,
    },
    { label: "Queue", value: ticket.queue?.name ?? "None" },
    { label: "Category", value: ticket.category?.name ?? "None" },
    { label: "Type", value: TYPE_LABELS[ticket.type] },
    { label: "Impact", value: LEVEL_LABELS[ticket.impact] },
    { label: "Urgency", value: LEVEL_LABELS[ticket.urgency] },
    { label: "Opened", value: time(ticket.createdAt) },
    { label: "Updated", value: time(ticket.updatedAt) },
    ...(ticket.resolvedAt ? [{ label: "Resolved", value: time(ticket.resolvedAt) }] : []),
  ];
}

function AssignForm({ data: { ticket, choices, assign } }: { data: TicketData }) {
  return (
    <form class="form" method="post" action={`/tickets/${ticket.key}/assignment`}>
      <ErrorList form={assign} only="general" />
      <HiddenFields form={assign} version={ticket.version} />
      <Field
        name="assigneeId"
        label="Assignee"
        kind="select"
        value={assign.values.assigneeId ?? ticket.assignee?.id ?? ""}
        options={[{ value: "", label: "Unassigned" }, ...options(choices.staff, ticket.assignee)]}
        error={assign.errors.assigneeId}
      />
      <Field
        name="queueId"
        label="Queue"
        kind="select"
        value={assign.values.queueId ?? ticket.queue?.id ?? ""}
        options={[{ value: "", label: "No queue" }, ...options(choices.queues, ticket.queue)]}
        error={assign.errors.queueId}
      />
      <Button block>Save</Button>
    </form>
  );
}

/** The choices, with the present one even when it can no longer be chosen. */
function options(choices: Named[], present: Named | null) {
  const missing = present && !choices.some(({ id }) => id === present.id) ? [present] : [];
  return [...missing, ...choices].map(({ id, name }) => ({ value: id, label: name }));
}
