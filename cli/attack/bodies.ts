import type { Ids } from "./things.ts";

/** Addresses that bodies name. */
interface Addresses {
  /** Somebody of the organisation. */
  colleague: string;
  /** Somebody to invite. */
  stranger: string;
}

/** A body that an operation takes, so that nothing but the thing asked about is wrong. */
export function bodyFor(name: string, ids: Ids, { colleague, stranger }: Addresses): Record<string, unknown> {
  const bodies: Record<string, Record<string, unknown>> = {
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
    "post /tickets/{id}/watchers": { email: colleague },
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
    "post /saved-reports": {
      name: `Sweep ${crypto.randomUUID()}`,
      report: "volume",
      query: { period: "last-week" },
      schedule: { every: "day", hour: 8 },
    },
    "patch /saved-reports/{id}": { version: 1, name: "Sweep" },
    "post /saved-reports/{id}/send": { to: "me" },
    "patch /me": { version: 1, theme: "dark" },
    "patch /me/password": {
      currentPassword: "not the one in use",
      newPassword: "another quiet harbour at dawn",
    },
    "patch /users/{id}": { version: 1, role: "AGENT" },
    "post /notifications/read": { ticketId: ids.ticket },
    "patch /tenant": { version: 1, reopenDays: 14 },
    "post /invitations": {
      email: stranger,
      role: "AGENT",
      queueIds: [ids.queue],
    },
  };
  return bodies[name] ?? {};
}
