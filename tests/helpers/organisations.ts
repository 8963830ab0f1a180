/** Two organisations with one of everything, for sweeps over all operations. */
import { OPERATIONS } from "@/api/app.ts";
import type { AnyOperation } from "@/api/operation.ts";
import { bodyFor } from "@/cli/attack/bodies.ts";
import { fill } from "@/cli/attack/fill.ts";
import { ROLE_NAMES, type RoleName } from "@/cli/attack/roles.ts";
import { type Ids, type Kind, kindOf, nameOf, pathOf } from "@/cli/attack/things.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";

export { type Kind, kindOf, nameOf, pathOf, ROLE_NAMES, type RoleName };

/** An organisation's ids by the kind of thing, and a client for each role. */
export interface Organisation {
  people: Record<RoleName, Client>;
  ids: Ids;
}

/** Makes an organisation; its ticket is the requester's, so every role sees it. */
export async function furnish(desk: Desk, name: string): Promise<Organisation> {
  const ADMIN = await desk.register(name);
  const [REQUESTER, AGENT, MANAGER] = await Promise.all([
    ADMIN.invite("REQUESTER", "Rita Requester"),
    ADMIN.invite("AGENT", "Ari Agent"),
    ADMIN.invite("MANAGER", "Mona Manager"),
  ]);
  const people = { REQUESTER: REQUESTER!, AGENT: AGENT!, MANAGER: MANAGER!, ADMIN };
  const ids = await fill(people, { invitee: "new@works.example" });
  const [suppressed] = await desk.look<{ id: string }>(
    `insert into suppressed_addresses (tenant_id, email_key, reason)
      select id, 'gone@works.example', 'bounce' from tenants where name = $1 returning id`,
    [name],
  );
  await desk.look(
    `insert into inbound_mails (tenant_id, provider_id, sender, recipient, subject, outcome, reason)
      select id, slug, 'who@works.example', 'desk@in.example', 'Sale', 'ignored', 'Bulk email' from tenants
      where name = $1`,
    [name],
  );
  const all = { ...ids, suppressed: suppressed!.id };
  const missing = Object.entries(all).filter(([, id]) => !id).map(([kind]) => kind);
  if (missing.length > 0) throw new Error(`Cannot furnish "${name}": no ${missing.join(", ")}`);
  return { people, ids: all };
}

/** Every operation by its name. */
export const BY_NAME: ReadonlyMap<string, AnyOperation> = new Map(OPERATIONS.map((o) => [nameOf(o), o]));

/** A body that an operation takes, so that nothing but the thing asked about is wrong. */
export function bodyOf(name: string, ids: Ids): unknown {
  return bodyFor(name, ids, {
    colleague: "ari.agent@harbour-works.example",
    stranger: `${crypto.randomUUID()}@works.example`,
  });
}
