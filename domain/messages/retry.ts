import { sql } from "@/db/sql.ts";
import { ADMINS, assertRole } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { getMessage, MESSAGE_KINDS, type OutboxMessage } from "./messages.ts";

const AT_ONCE = 5000;

/** With all its attempts, or a waiting one now. @throws DomainError forbidden; not_found; conflict for one that was sent */
export async function retryMessage(cx: UserCx, id: string): Promise<OutboxMessage> {
  assertRole(cx, ADMINS);
  const message = await getMessage(cx, id);
  const retried = await cx.db.run(sql`update jobs set run_at = now(), finished_at = null, state = 'ready',
      attempts = case state when 'dead' then 0 else attempts end, lost = 0
    where tenant_id = ${cx.tenant.id} and id = ${id} and state in ('dead', 'ready')`);
  if (retried === 0) {
    throw new DomainError("conflict", "Only queued or failed messages can be retried");
  }
  cx.afterCommit(cx.services.wake);
  const after = await getMessage(cx, id);
  await record(cx, {
    action: "message.retried",
    entity: "message",
    entityId: id,
    changes: {
      name: message.sender ?? message.recipient,
      template: message.template,
      ...(after.state === message.state ? {} : { state: { from: message.state, to: after.state } }),
    },
  });
  return after;
}

/** Oldest first. @returns how many, and whether more are left @throws DomainError forbidden */
export async function retryAllMessages(cx: UserCx): Promise<{ retried: number; more: boolean }> {
  assertRole(cx, ADMINS);
  const retried = await cx.db.run(sql`update jobs
    set run_at = now(), finished_at = null, state = 'ready', attempts = 0, lost = 0
    where tenant_id = ${cx.tenant.id} and id in (
      select id from jobs where tenant_id = ${cx.tenant.id} and state = 'dead'
        and kind = any(${MESSAGE_KINDS}::text[]) order by id limit ${AT_ONCE} for update skip locked)`);
  if (retried > 0) {
    cx.afterCommit(cx.services.wake);
    await record(cx, {
      action: "tenant.messages_retried",
      entity: "tenant",
      entityId: cx.tenant.id,
      changes: { messages: retried },
    });
  }
  return { retried, more: retried === AT_ONCE };
}
