import { sql } from "@/db/sql.ts";
import { act, type Cx } from "@/domain/cx.ts";
import type { Job, JobHandler } from "@/domain/jobs/claim.ts";
import { PermanentFailure, RetryAfter } from "@/domain/jobs/outcome.ts";
import type { WebhookAnswer, WebhookRequest } from "@/ports.ts";
import { updateHealth } from "./health.ts";
import { composePayload, type WebhookFacts } from "./payload.ts";
import { secretOf } from "./secret.ts";
import { sign } from "./standard_webhooks.ts";
import { TEST_TOPIC } from "@/domain/events/topics.ts";

interface Row extends Record<string, unknown> {
  topic: string;
  facts: WebhookFacts;
  body: string | null;
  endpointId: string;
  url: string;
  includeInternal: boolean;
  generation: number;
  overlaps: boolean;
  disabled: boolean;
  deleted: boolean;
}

type PreparedDelivery = { skipped: string } | { row: Row; body: string };

type SendResult = { answer: WebhookAnswer } | { error: Error };

/** 2xx is success, 410 disables the endpoint, everything else, redirects too, is retried. */
export const deliverWebhook: JobHandler = async (request, job, { signal }) => {
  const claim = { kind: "system", tenantId: job.tenantId } as const;
  const prepared = await act(request, claim, (cx) => prepare(cx, job.id));
  if ("skipped" in prepared) return { note: prepared.skipped };
  const { row, body } = prepared;
  const started = performance.now();
  const attempt = await request.services.webhooks.send(
    signed(request.services, { job, row, body }),
    { signal },
  ).then<SendResult, SendResult>((answer) => ({ answer }), (error) => ({ error }));
  // The lease is lost: another worker has the job.
  signal.throwIfAborted();
  const durationMs = Math.round(performance.now() - started);
  const { ok, status } = statusOf(attempt);
  await act(request, claim, async (cx) => {
    await Promise.all([
      saveAttempt(cx, { messageId: job.id, url: row.url, attempt, durationMs }),
      // Tests don't count.
      row.topic === TEST_TOPIC ? null : updateHealth(cx, {
        endpointId: row.endpointId,
        arrived: ok,
        gone: status === 410,
        last: job.attempts >= job.maxAttempts,
      }),
    ]);
  });
  if (ok) return {};
  throw failureOf(attempt);
};

/** The body is composed once, so that every attempt sends the same bytes. */
async function prepare(cx: Cx, id: string): Promise<PreparedDelivery> {
  const row = await cx.db.first<Row>(
    sql`select o.template as topic, o.payload as facts, o.body, w.id as "endpointId", w.url, w.generation,
      w.include_internal as "includeInternal", coalesce(w.overlap_until > now(), false) as overlaps,
      w.disabled_at is not null as disabled, w.deleted_at is not null as deleted
    from outbox o join webhook_endpoints w on w.tenant_id = o.tenant_id and w.id = o.endpoint_id
    where o.tenant_id = ${cx.tenant.id} and o.id = ${id}`,
  );
  if (!row) return { skipped: "Not sent: the message is gone" };
  if (row.deleted) return { skipped: "Not sent: the endpoint was deleted" };
  if (row.disabled && row.topic !== TEST_TOPIC) return { skipped: "Not sent: the endpoint is disabled" };
  if (row.facts.internal && !row.includeInternal) {
    return { skipped: "Not sent: the endpoint no longer receives internal events" };
  }
  if (row.body !== null) return { row, body: row.body };
  const body = await composePayload(cx, row);
  await cx.db.run(sql`update outbox set body = ${body} where tenant_id = ${cx.tenant.id} and id = ${id}`);
  return { row, body };
}

/** The message id never changes; timestamp and signatures are per attempt. */
function signed(
  services: Parameters<typeof secretOf>[0],
  { job, row, body }: { job: Job; row: Row; body: string },
): WebhookRequest {
  const timestamp = Math.floor(Date.now() / 1000);
  const generations = row.overlaps ? [row.generation, row.generation - 1] : [row.generation];
  const signatures = generations.map((generation) =>
    sign(secretOf(services, { tenantId: job.tenantId, endpointId: row.endpointId, generation }), {
      id: job.id,
      timestamp,
      body,
    })
  );
  return {
    url: row.url,
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "ServiceHub-Webhooks/1",
      "webhook-id": job.id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatures.join(" "),
    },
  };
}

function statusOf(attempt: SendResult): { ok: boolean; status: number | null } {
  if ("error" in attempt) return { ok: false, status: null };
  const { status } = attempt.answer;
  return { ok: status >= 200 && status < 300, status };
}

function failureOf(attempt: SendResult): Error {
  if ("error" in attempt) return attempt.error;
  const { status, retryAfter } = attempt.answer;
  if (status === 410) return new PermanentFailure("The receiver answered 410 Gone");
  if (status >= 300 && status < 400) {
    return new Error(`The receiver answered ${status}: redirects aren't followed`);
  }
  const message = `The receiver answered ${status}`;
  return retryAfter !== null && (status === 429 || status === 503)
    ? new RetryAfter(message, { seconds: retryAfter })
    : new Error(message);
}

async function saveAttempt(
  cx: Cx,
  { messageId, url, attempt, durationMs }: {
    messageId: string;
    url: string;
    attempt: SendResult;
    durationMs: number;
  },
): Promise<void> {
  const answer = "answer" in attempt ? attempt.answer : null;
  const error = "error" in attempt ? attempt.error.message.slice(0, 500) : null;
  await cx.db.run(
    sql`insert into webhook_attempts (tenant_id, message_id, url, status, error, answer, duration_ms)
    values (${cx.tenant.id}, ${messageId}, ${url}, ${answer?.status ?? null}, ${error}, ${
      answer?.body ?? null
    },
      ${durationMs})`,
  );
}
