import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { soleTenant, tenantBySlug, tenantIdsOfEmail } from "@/domain/organisations/tenants.ts";
import { record } from "@/domain/record.ts";
import { Email, Slug } from "@/domain/shared/account_fields.ts";
import { optional } from "@/domain/validation.ts";
import { limitByAddress } from "./throttle.ts";
import { withMinimumDuration } from "./timing.ts";

export const ForgotPassword = z.object({ email: Email, organisation: optional(Slug) });

const BUDGET = { limit: 30, windowSeconds: 3600 };
/** Links at once; then one after each pause. So a link that still works is always in the owner's mailbox. */
const MOST_AT_ONCE = 3;
const PAUSE_MINUTES = 10;

/**
 * Emails a link for the organisation; without one, a link for each organisation where the address is proved, in one
 * email. Response and timing never reveal whether the address has a user. @throws DomainError rate_limited, per client
 */
export async function requestPasswordReset(
  request: RequestInfo,
  { email, organisation }: z.output<typeof ForgotPassword>,
): Promise<void> {
  await limitByAddress(request, "forgot", BUDGET);
  await withMinimumDuration(async () => {
    const named = organisation ? await tenantBySlug(organisation) : (await soleTenant()).tenant;
    const tenantIds = named ? [named.id] : organisation ? [] : await tenantIdsOfEmail(email);
    const [first, ...others] = tenantIds;
    if (!first) return;
    const toList = others.length > 0;
    const made: boolean[] = [];
    for (const tenantId of [...others, first]) {
      const claim = { kind: "system", tenantId } as const;
      made.push(
        await act(request, claim, async (cx) => {
          const reset = await addReset(cx, email);
          if (reset && !toList) await sendLink(cx, reset);
          // The list is composed when it is sent: one tenant's outbox must not name another.
          if (toList && tenantId === first && (reset || made.includes(true))) await sendList(cx, email);
          return reset !== null;
        }),
      );
    }
  });
}

interface Reset {
  id: string;
  email: string;
}

async function addReset(cx: Cx, email: string): Promise<Reset | null> {
  // Locked, so that simultaneous requests count each other.
  const user = await cx.db.first<{ id: string; email: string }>(sql`
    select id, email from users where tenant_id = ${cx.tenant.id} and email_key = lower(${email})
      and deactivated_at is null for no key update`);
  if (!user) return null;
  const reset = await cx.db.first<{ id: string }>(sql`
    insert into password_resets (tenant_id, user_id, expires_at)
    select ${cx.tenant.id}, ${user.id}, now() + interval '30 minutes'
    from (select count(*) as total, max(created_at) as latest from password_resets where tenant_id = ${cx.tenant.id}
      and user_id = ${user.id} and created_at > now() - interval '1 hour') recent
    where total < ${MOST_AT_ONCE} or latest < now() - make_interval(mins => ${PAUSE_MINUTES})
    returning id`);
  if (!reset) return null;
  await record(cx, {
    action: "user.password_reset_requested",
    entity: "user",
    entityId: user.id,
    actorId: user.id,
  });
  return { id: reset.id, email: user.email };
}

async function sendLink(cx: Cx, { id, email }: Reset): Promise<void> {
  await enqueueMail(cx, { to: email, template: "password_reset", payload: { resetId: id } });
}

async function sendList(cx: Cx, email: string): Promise<void> {
  await enqueueMail(cx, { to: email, template: "password_resets", payload: {} });
}

export interface OpenReset {
  id: string;
  tenant: { id: string; slug: string; name: string };
  expiresAt: string;
}

/** The latest usable link for each organisation where an address is proved. */
export async function openResetsOf(request: RequestInfo, email: string): Promise<OpenReset[]> {
  const found: OpenReset[] = [];
  for (const tenantId of await tenantIdsOfEmail(email)) {
    const reset = await act(request, { kind: "system", tenantId }, async (cx) => {
      const row = await cx.db.first<{ id: string; expiresAt: string }>(sql`
        select r.id, r.expires_at as "expiresAt" from users u
        join password_resets r on r.tenant_id = u.tenant_id and r.user_id = u.id
        where u.tenant_id = ${tenantId} and u.email_key = lower(${email}) and u.deactivated_at is null
          and r.used_at is null and r.expires_at > now() order by r.created_at desc, r.id desc limit 1`);
      return row && { ...row, tenant: { id: tenantId, slug: cx.tenant.slug, name: cx.tenant.name } };
    });
    if (reset) found.push(reset);
  }
  return found.sort((a, b) => a.tenant.name.localeCompare(b.tenant.name));
}
