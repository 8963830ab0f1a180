/** Two organisations with one of everything, for sweeps over all operations. */
import { OPERATIONS } from "@/api/app.ts";
import type { AnyOperation } from "@/api/operation.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";

export type RoleName = "REQUESTER" | "AGENT" | "MANAGER" | "ADMIN";
export const ROLE_NAMES: RoleName[] = ["REQUESTER", "AGENT", "MANAGER", "ADMIN"];

/** An organisation's ids by the kind of thing, and a client for each role. */
export interface Organisation {
  people: Record<RoleName, Client>;
  ids: Record<Kind, string>;
}

/** What the ids in paths name. */
export type Kind =
  | "ticket"
  | "comment"
  | "link"
  | "canned_reply"
  | "macro"
  | "queue"
  | "category"
  | "item"
  | "user"
  | "invitation"
  | "session"
  | "view"
  | "attachment"
  | "calendar"
  | "slaPolicy"
  | "suppressed"
  | "webhook"
  | "delivery"
  | "message";

/** Makes an organisation; its ticket is the requester's, so every role sees it. */
export async function furnish(desk: Desk, name: string): Promise<Organisation> {
  const ADMIN = await desk.register(name);
  const [REQUESTER, AGENT, MANAGER] = await Promise.all([
    ADMIN.invite("REQUESTER", "Rita Requester"),
    ADMIN.invite("AGENT", "Ari Agent"),
    ADMIN.invite("MANAGER", "Mona Manager"),
  ]);
  const people = { REQUESTER: REQUESTER!, AGENT: AGENT!, MANAGER: MANAGER!, ADMIN };
  const [queue, category, ticket, invitation, sessions, view] = await Promise.all([
    ADMIN.post("/queues", { name: "Network" }),
    ADMIN.post("/categories", { name: "Cables" }),
    people.REQUESTER.post("/tickets", { title: "Printer jams", description: "Tray 2" }),
    ADMIN.post("/invitations", { email: "new@works.example", role: "AGENT" }),
    ADMIN.get("/me/sessions"),
    ADMIN.post("/views", { name: "Mine", filter: { assigneeId: "me" } }),
  ]);
  const comment = await people.REQUESTER.post(`/tickets/${ticket!.body.id}/comments`, {
    visibility: "public",
    body: "Tray 3",
  });
  const attached = await people.REQUESTER.upload(`/tickets/${ticket!.body.id}/attachments`, [
    { name: "tray.txt", content: "Tray 2 is empty" },
  ]);
  const related = await people.AGENT.post("/tickets", { title: "Tray is missing", description: "" });
  const link = await people.AGENT.post(`/tickets/${ticket!.body.id}/links`, {
    relation: "relates_to",
    ticketId: related.body.id,
  });
  const [canned, macro] = await Promise.all([
    ADMIN.post("/canned-replies", { title: "Greeting", body: "Hello", shared: true }),
    ADMIN.post("/macros", { name: "Take it", actions: { assigneeId: "me" } }),
  ]);
  const item = await ADMIN.post("/catalog", {
    name: "Hammer",
    fields: [{ key: "why", type: "text", label: "What for?", required: true }],
  });
  const webhook = await ADMIN.post("/webhook-endpoints", { url: "https://hooks.example.com/desk" });
  const delivery = await ADMIN.post(`/webhook-endpoints/${webhook.body.id}/test`);
  const [calendar, policy, messages] = await Promise.all([
    ADMIN.get("/calendars"),
    ADMIN.get("/sla-policies"),
    ADMIN.get("/outbox?kind=email"),
  ]);
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
  return {
    people,
    ids: {
      suppressed: suppressed!.id,
      calendar: calendar!.body.items[0].id,
      slaPolicy: policy!.body.items[0].id,
      webhook: webhook.body.id,
      delivery: delivery.body.id,
      message: messages!.body.items[0].id,
      attachment: attached.body.items[0].id,
      canned_reply: canned!.body.id,
      macro: macro!.body.id,
      comment: comment.body.id,
      item: item.body.id,
      link: link.body.id,
      queue: queue!.body.id,
      category: category!.body.id,
      ticket: ticket!.body.id,
      invitation: invitation!.body.id,
      user: people.AGENT.user.id,
      session: sessions!.body.items[0].id,
      view: view!.body.id,
    },
  };
}

/** `post /tickets/{id}/comments`: how tests name an operation. */
export function nameOf(operation: AnyOperation): string {
  return `${operation.method} ${operation.path}`;
}

/** Every operation by its name. */
export const BY_NAME: ReadonlyMap<string, AnyOperation> = new Map(OPERATIONS.map((o) => [nameOf(o), o]));

/** The kind of thing that the first id of a path names. */
export function kindOf(operation: AnyOperation): Kind | null {
  const kinds: [string, Kind][] = [
    ["/tickets/{id}", "ticket"],
    ["/canned-replies/{id}", "canned_reply"],
    ["/macros/{id}", "macro"],
    ["/queues/{id}", "queue"],
    ["/categories/{id}", "category"],
    ["/catalog/{id}", "item"],
    ["/users/{id}", "user"],
    ["/invitations/{id}", "invitation"],
    ["/me/sessions/{id}", "session"],
    ["/views/{id}", "view"],
    ["/attachments/{id}", "attachment"],
    ["/calendars/{id}", "calendar"],
    ["/sla-policies/{id}", "slaPolicy"],
    ["/outbox/{id}", "message"],
    ["/suppressed-addresses/{id}", "suppressed"],
    ["/webhook-endpoints/{id}", "webhook"],
  ];
  if (!operation.path.includes("{")) return null;
  const found = kinds.find(([start]) => operation.path.startsWith(start));
  if (!found) throw new Error(`Cannot tell what the id in "${operation.path}" names: add it to the list`);
  return found[1];
}

/** The operation's path with these ids. */
export function pathOf(
  operation: AnyOperation,
  ids: { id: string; userId: string; commentId?: string; linkId?: string; deliveryId?: string },
): string {
  return operation.path.replace("{id}", ids.id).replace("{userId}", ids.userId)
    .replace("{commentId}", ids.commentId ?? ids.id).replace("{linkId}", ids.linkId ?? ids.id)
    .replace("{deliveryId}", ids.deliveryId ?? ids.id);
}

/** A body that an operation takes, so that nothing but the thing asked about is wrong. */
export function bodyOf(name: string, ids: Record<Kind, string>): unknown {
  const bodies: Record<string, unknown> = {
    "post /tickets": { title: "Sweep", description: "" },
    "patch /tickets/{id}": { version: 1, title: "Sweep" },
    "post /tickets/{id}/transitions": { version: 1, to: "cancelled" },
    "put /tickets/{id}/assignment": { version: 1, assigneeId: null },
    "post /tickets/{id}/comments": { body: "Sweep", visibility: "public" },
    "post /tickets/{id}/presence": { state: "viewing" },
    "post /tickets/{id}/comments/preview": { body: "Sweep", visibility: "public" },
    "post /canned-replies": { title: `Sweep ${crypto.randomUUID()}`, body: "Hello" },
    "patch /canned-replies/{id}": { version: 1, title: "Sweep" },
    "post /macros": { name: `Sweep ${crypto.randomUUID()}`, actions: { priority: "high" } },
    "patch /macros/{id}": { version: 1, name: "Sweep" },
    "post /tickets/{id}/macro": { version: 1, macroId: ids.macro },
    "patch /tickets/{id}/comments/{commentId}": { version: 1, body: "Tray 3" },
    "post /tickets/{id}/watchers": { email: "ari.agent@harbour-works.example" },
    "post /tickets/{id}/links": { relation: "blocks", ticketId: ids.ticket },
    "post /tickets/{id}/merge": { version: 1, into: ids.ticket },
    "post /tickets/{id}/unmerge": { version: 1 },
    "put /tickets/{id}/rating": { score: 4 },
    "post /queues": { name: `Sweep ${crypto.randomUUID()}` },
    "patch /queues/{id}": { version: 1, name: "Sweep" },
    "patch /queues/{id}/members/{userId}": { accepts: true },
    "post /catalog": { name: `Sweep ${crypto.randomUUID()}` },
    "patch /catalog/{id}": { version: 1, description: "Sweep" },
    "put /catalog/order": { ids: [ids.item] },
    "post /catalog/{id}/requests": { answers: { why: "Sweep" } },
    "put /categories/order": { parentId: null, ids: [ids.category] },
    "post /categories": { name: `Sweep ${crypto.randomUUID()}` },
    "patch /categories/{id}": { version: 1, name: "Sweep" },
    "post /tickets/bulk": { ids: [ids.ticket], change: { priority: "high" }, dryRun: true },
    "post /calendars": {
      name: `Sweep ${crypto.randomUUID()}`,
      timeZone: "UTC",
      week: { monday: [{ from: "09:00", to: "17:00" }] },
    },
    "patch /calendars/{id}": { version: 1, name: "Sweep" },
    "post /sla-policies": {
      name: `Sweep ${crypto.randomUUID()}`,
      calendarId: ids.calendar,
      queueId: ids.queue,
      targets: { firstResponse: { urgent: 30 }, resolution: { urgent: 240 } },
    },
    "patch /sla-policies/{id}": { version: 1, name: "Sweep" },
    "post /webhook-endpoints": { url: "https://hooks.example.com/sweep" },
    "patch /webhook-endpoints/{id}": { version: 1, description: "Sweep" },
    "post /webhook-endpoints/{id}/rotate-secret": { version: 1 },
    "post /views": { name: `Sweep ${crypto.randomUUID()}`, filter: {} },
    "patch /views/{id}": { version: 1, name: "Sweep" },
    "patch /me": { version: 1, theme: "dark" },
    "patch /me/password": {
      currentPassword: "not the one in use",
      newPassword: "another quiet harbour at dawn",
    },
    "patch /users/{id}": { version: 1, role: "AGENT" },
    "post /notifications/read": { all: true },
    "patch /tenant": { version: 1, reopenDays: 14 },
    "post /invitations": {
      email: `${crypto.randomUUID()}@works.example`,
      role: "AGENT",
      queueIds: [ids.queue],
    },
  };
  return bodies[name] ?? {};
}
