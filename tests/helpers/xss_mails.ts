/** Mails in which everything that their writers choose is a payload. */
import { replyAddress } from "@/domain/mail/reply_address.ts";
import { JOB_KINDS } from "@/jobs/kinds.ts";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import { assertEquals } from "./assert.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { mailComes, type TestMail } from "./provider_events.ts";
import type { ResendServer } from "./resend.ts";
import type { Bearer } from "./xss_scene.ts";

/** Each payload as subject and text, in plain text or HTML, then as a reply that quotes it; `mailed` names the ticket. */
export async function mailPayloads(
  desk: Desk,
  provider: ResendServer,
  { admin, bearers }: { admin: Client; bearers: Bearer[] },
): Promise<void> {
  const addresses = await desk.look<{ id: string; email: string }>("select id, email from users");
  const emailOf = new Map(addresses.map(({ id, email }) => [id, email]));
  const comes = (mail: TestMail, id: string) => mailComes(desk, provider, { ...mail, id, drain: false });
  const read = () => drainJobs(desk.services, { kinds: { inbound: JOB_KINDS.inbound! } });
  const from = (values: Bearer["values"]) => `${emailOf.get(values.id!)}`;
  for (const [i, { payload, values }] of bearers.entries()) {
    const content = i % 2
      ? { html: `<p>${payload}</p><blockquote>${payload}</blockquote>` }
      : { text: payload };
    const files = [{
      name: payload.replaceAll(/["\r\n\\]/g, "") + ".txt",
      type: "text/plain",
      content: payload,
    }];
    const to = `${admin.tenant.slug}@${desk.config.INBOUND_DOMAIN}`;
    await comes({ from: from(values), to, subject: payload, ...content, files }, `new-${i}`);
  }
  await read();
  const opened = await desk.look<{ n: string; id: string; key: string }>(
    `select substr(m.provider_id, 5) as n, t.id, 'INC-' || t.number as key
      from inbound_mails m join tickets t on t.tenant_id = m.tenant_id and t.id = m.ticket_id
      where m.provider_id like 'new-%'`,
  );
  const lost = await desk.look(
    `select m.provider_id, m.subject, m.outcome, m.reason, j.last_error from inbound_mails m
      join jobs j on j.tenant_id = m.tenant_id and j.id = m.id where m.outcome <> 'opened'`,
  );
  assertEquals(lost, []);
  assertEquals(opened.length, bearers.length);
  for (const { n, id, key } of opened) {
    const { payload, values } = bearers[Number(n)]!;
    values.mailed = key;
    const to = replyAddress(desk.services, { tenantId: admin.tenant.id, ticketId: id, userId: values.id! });
    const text = `${payload}\n\nOn Mon, 3 Nov 2026, Desk wrote:\n${payload.replaceAll(/^/gm, "> ")}`;
    await comes({ from: from(values), to, subject: payload, text }, `reply-${n}`);
  }
  await read();
  const outcomes = await desk.look<{ outcome: string; n: number }>(
    "select outcome, count(*)::int n from inbound_mails group by 1 order by 1",
  );
  assertEquals(outcomes, [{ outcome: "commented", n: bearers.length }, {
    outcome: "opened",
    n: bearers.length,
  }]);
}
