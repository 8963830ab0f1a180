import { ConfigError } from "../config.ts";
import type { Role } from "../domain/cx.ts";
import { actAsUser, type Claim, type RequestInfo, type UserCx } from "../domain/cx.ts";
import { addComment } from "../domain/comments/add.ts";
import { acceptInvitation } from "../domain/identity/acceptance.ts";
import { inviteUser } from "../domain/identity/invitations.ts";
import { registerOrganisation } from "../domain/identity/registration.ts";
import { sessionClaim } from "../domain/identity/sessions.ts";
import { soleTenant } from "../domain/identity/tenants.ts";
import type { Services } from "../domain/services.ts";
import { createQueue } from "../domain/queues/write.ts";
import { assignTicket } from "../domain/tickets/assign.ts";
import { createTicket } from "../domain/tickets/create.ts";
import { transitionTicket } from "../domain/tickets/transition.ts";
import { REQUESTS } from "./demo_requests.ts";

export const DEMO_PASSWORD = "a quiet harbour at dawn";

export const DEMO_PEOPLE: { role: Role; name: string; email: string }[] = [
  { role: "ADMIN", name: "Bea Kowalczyk", email: "bea@northwind.example" },
  { role: "MANAGER", name: "Mona Haddad", email: "mona@northwind.example" },
  { role: "AGENT", name: "Emi Tanaka", email: "emi@northwind.example" },
  { role: "AGENT", name: "Farid Nasser", email: "farid@northwind.example" },
  { role: "REQUESTER", name: "Daniel Okafor", email: "daniel@northwind.example" },
  { role: "REQUESTER", name: "Ana Silva", email: "ana@northwind.example" },
];

/**
 * Fills an empty desk; one that is filled stays as it is.
 *
 * @throws ConfigError for a desk that was left half filled, as by a crash
 */
export async function ensureDemo(services: Services): Promise<void> {
  const { DATA_DIR } = services.config;
  const marker = `${DATA_DIR}/demo-is-filled`;
  if ((await soleTenant()).total === 0) {
    await fillDemo(services);
    await Deno.writeTextFile(marker, "");
  } else if (!(await isFile(marker))) {
    throw new ConfigError(`Cannot start the demo: it ended while it was filled. Delete ${DATA_DIR} first`);
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => null))?.isFile === true;
}

/** An organisation with people of every role, queues, and tickets in every state, made by the ordinary use cases. */
async function fillDemo(services: Services): Promise<void> {
  const request: RequestInfo = { requestId: "demo", ip: "", userAgent: "ServiceHub demo", services };
  const [admin, ...others] = DEMO_PEOPLE;
  const claims = new Map<string, Claim>();
  const boss = await registerOrganisation(request, {
    organisation: "Northwind Logistics",
    name: admin!.name,
    email: admin!.email,
    password: DEMO_PASSWORD,
  });
  claims.set(admin!.email, sessionClaim(boss.sessionToken)!);
  for (const { role, name, email } of others) {
    const { acceptUrl } = await as(
      request,
      claims.get(admin!.email)!,
      (cx) => inviteUser(cx, { email, name, role, queueIds: [] }),
    );
    const token = acceptUrl!.split("/").pop()!;
    const { sessionToken } = await acceptInvitation(request, { token, name, password: DEMO_PASSWORD });
    claims.set(email, sessionClaim(sessionToken)!);
  }
  const queues = new Map<string, string>();
  for (const name of ["Network", "Hardware", "Access"]) {
    const queue = await as(
      request,
      claims.get(admin!.email)!,
      (cx) => createQueue(cx, { name, description: "" }),
    );
    queues.set(name, queue.id);
  }
  for (const asked of REQUESTS) await play(request, asked, { claims, queues });
}

async function play(
  request: RequestInfo,
  asked: (typeof REQUESTS)[number],
  { claims, queues }: { claims: Map<string, Claim>; queues: Map<string, string> },
): Promise<void> {
  const by = claims.get(asked.by)!;
  let ticket = await as(request, by, (cx) =>
    createTicket(cx, {
      type: asked.type,
      title: asked.title,
      description: asked.description,
      impact: asked.impact,
      urgency: asked.urgency,
      source: "web",
    }));
  const { id } = ticket;
  if (!asked.agent) return;
  const agent = claims.get(asked.agent)!;
  ticket = await as(
    request,
    agent,
    (cx) =>
      assignTicket(cx, {
        id,
        version: ticket.version,
        assigneeId: cx.actor.id,
        queueId: queues.get(asked.queue!) ?? null,
      }),
  );
  for (const { who, body, internal } of asked.replies ?? []) {
    const visibility = internal ? "internal" as const : "public" as const;
    await as(request, claims.get(who)!, (cx) => addComment(cx, { ticketId: id, body, visibility }));
  }
  if (!asked.state) return;
  const { to, note, reason } = asked.state;
  await as(
    request,
    agent,
    (cx) => transitionTicket(cx, { id, version: ticket.version, to, note, reason, until: undefined }),
  );
}

async function as<T>(request: RequestInfo, claim: Claim, fn: (cx: UserCx) => Promise<T>): Promise<T> {
  return await actAsUser(request, claim, fn);
}
