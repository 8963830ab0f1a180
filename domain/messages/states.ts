import { type Sql, sql } from "@/db/sql.ts";

/** `skipped`: not sent, see its note; `failed`: a dead letter. A received email is `sent` once it was processed. */
export const MESSAGE_STATES = ["queued", "retrying", "sending", "sent", "skipped", "failed"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const STATE_OF_JOB = sql`case j.state when 'dead' then 'failed' when 'running' then 'sending'
  when 'done' then case when j.last_error is null or j.kind = 'inbound' then 'sent' else 'skipped' end
  else case when j.attempts = 0 then 'queued' else 'retrying' end end`;

/** Conditions on job `j` that use an index. */
export const IN_STATE: Readonly<Record<MessageState, Sql>> = {
  queued: sql`j.state = 'ready' and j.attempts = 0`,
  retrying: sql`j.state = 'ready' and j.attempts > 0`,
  sending: sql`j.state = 'running'`,
  sent: sql`j.state = 'done' and (j.last_error is null or j.kind = 'inbound')`,
  skipped: sql`j.state = 'done' and j.last_error is not null and j.kind <> 'inbound'`,
  failed: sql`j.state = 'dead'`,
};
