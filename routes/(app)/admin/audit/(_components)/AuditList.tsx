import { Avatar } from "@/components/Avatar.tsx";
import { Badge } from "@/components/Badge.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Time } from "@/components/Time.tsx";
import type { AuditEntry } from "@/domain/audit/list.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { Changes } from "./Changes.tsx";
import { actionLabel, entityWord } from "@/routes/(app)/admin/audit/(_data)/wording.ts";

/** Audit entries; each expands to its changes. */
export function AuditList({ entries, reader, now }: { entries: AuditEntry[]; reader: Reader; now: string }) {
  return (
    <ul>
      {entries.map((entry) => (
        <li key={entry.id}>
          <details class="audit-entry">
            <summary>
              <Icon name="chevronRight" size="sm" />
              {entry.actor ? <Avatar person={entry.actor} size="sm" /> : <Icon name="settings" size="sm" />}
              <span class="audit-what">
                <strong>{entry.actor?.name ?? "System"}</strong> {actionLabel(entry.action)}{" "}
                {entry.label && <span class="ticket-key">{entry.label}</span>}{" "}
                {entry.internal && <Badge tone="amber">Internal</Badge>}
              </span>
              <span class="audit-when">
                <Time at={moment(entry.at, reader, now)} />
              </span>
            </summary>
            <div class="audit-body">
              <Changes changes={entry.changes} />
              <Circumstances entry={entry} reader={reader} now={now} />
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}

function Circumstances({ entry, reader, now }: { entry: AuditEntry; reader: Reader; now: string }) {
  return (
    <p class="audit-facts">
      <Time at={moment(entry.at, reader, now)} absolute />
      {entry.ip && <span>from {entry.ip}</span>}
      {entry.requestId && <span>request {entry.requestId}</span>}
      <span>entry {entry.id}</span>
      <a href={`/admin/audit?entityId=${entry.entityId}`} aria-current="false">
        All entries about this {entityWord(entry.entity).toLowerCase()}
      </a>
      {entry.entity === "ticket" && entry.label && <a href={`/tickets/${entry.label}`}>Open {entry.label}</a>}
      {entry.actor?.email && (
        <a href={`/admin/audit?actor=${encodeURIComponent(entry.actor.email)}`} aria-current="false">
          All by {entry.actor.name}
        </a>
      )}
    </p>
  );
}
