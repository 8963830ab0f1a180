import { z } from "zod";
import { act, type RequestInfo } from "@/domain/cx.ts";
import { enqueueMail } from "@/domain/messages/enqueue.ts";
import { Email } from "@/domain/shared/account_fields.ts";
import { tenantIdsOfEmail, type TenantName } from "@/domain/organisations/tenants.ts";
import { limitByAddress, tryTake } from "./throttle.ts";
import { withMinimumDuration } from "./timing.ts";

export const FindOrganisations = z.object({ email: Email });

/** Requests per client, and emails per address. */
const BUDGET = { limit: 30, windowSeconds: 3600 };
const MAILS = { limit: 3, windowSeconds: 3600 };

/** By email only: never reveals whether the address has a user. @throws DomainError rate_limited, per client */
export async function findOrganisations(
  request: RequestInfo,
  { email }: z.output<typeof FindOrganisations>,
): Promise<void> {
  await limitByAddress(request, "find-organisations", BUDGET);
  await withMinimumDuration(async () => {
    if (!await tryTake(request, `find-organisations:${email.toLowerCase()}`, MAILS)) return;
    const [tenantId] = await tenantIdsOfEmail(email);
    if (!tenantId) return;
    // The list is composed when the email is sent: one tenant's outbox must not name another.
    await act(
      request,
      { kind: "system", tenantId },
      (cx) => enqueueMail(cx, { to: email, template: "find_organisations", payload: {} }),
    );
  });
}

export async function organisationsOfEmail(request: RequestInfo, email: string): Promise<TenantName[]> {
  const found: TenantName[] = [];
  for (const tenantId of await tenantIdsOfEmail(email)) {
    found.push(
      await act(
        request,
        { kind: "system", tenantId },
        ({ tenant }) => Promise.resolve({ id: tenant.id, slug: tenant.slug, name: tenant.name }),
      ),
    );
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}
