/** What each role may do: the table that the tests and `deno task attack` share. */

export type RoleName = "REQUESTER" | "AGENT" | "MANAGER" | "ADMIN";
export const ROLE_NAMES: readonly RoleName[] = ["REQUESTER", "AGENT", "MANAGER", "ADMIN"];

const LETTERS: Readonly<Record<RoleName, string>> = { REQUESTER: "R", AGENT: "A", MANAGER: "M", ADMIN: "D" };

/** Every operation of /v1. R requester, A agent, M manager, D admin; "public" needs no one. */
export const ROLES_OF: Readonly<Record<string, string>> = {
  "post /auth/register": "public",
  "post /auth/login": "public",
  "post /auth/refresh": "public",
  "post /auth/logout": "public",
  "post /auth/password/forgot": "public",
  "post /auth/password/reset": "public",
  "post /auth/organisations/find": "public",
  "post /auth/invitations/accept": "public",
  "get /me": "RAMD",
  "patch /me": "RAMD",
  "get /me/preferences": "RAMD",
  "patch /me/preferences": "RAMD",
  "post /me/email-confirmation": "RAMD",
  "get /me/sessions": "RAMD",
  "delete /me/sessions": "RAMD",
  "delete /me/sessions/{id}": "RAMD",
  // Hashes between two transactions of its own, so it is declared public; it asks who is there all the same.
  "patch /me/password": "RAMD",
  "get /users": "D",
  "get /users/{id}": "D",
  "patch /users/{id}": "D",
  "get /users/{id}/responsibilities": "D",
  "get /invitations": "D",
  "post /invitations": "D",
  "get /invitations/{id}": "D",
  "delete /invitations/{id}": "D",
  "get /search": "RAMD",
  "get /tickets": "RAMD",
  "post /tickets": "RAMD",
  "get /tickets/counts": "RAMD",
  "get /tickets/export": "RAMD",
  "post /tickets/bulk": "AMD",
  "get /dashboard": "RAMD",
  "get /reports": "AMD",
  "get /reports/{name}": "AMD",
  "get /reports/{name}/tickets": "AMD",
  "get /views": "RAMD",
  "post /views": "RAMD",
  "get /views/{id}": "RAMD",
  "patch /views/{id}": "RAMD",
  "delete /views/{id}": "RAMD",
  "get /saved-reports": "AMD",
  "post /saved-reports": "AMD",
  "get /saved-reports/{id}": "AMD",
  "patch /saved-reports/{id}": "AMD",
  "delete /saved-reports/{id}": "AMD",
  "post /saved-reports/{id}/send": "AMD",
  "get /tickets/{id}": "RAMD",
  "patch /tickets/{id}": "RAMD",
  "post /tickets/{id}/transitions": "RAMD",
  "put /tickets/{id}/assignment": "AMD",
  "get /tickets/{id}/timeline": "RAMD",
  "get /tickets/{id}/sla": "RAMD",
  "get /tickets/{id}/watchers": "RAMD",
  // Everybody for themselves; the sweep's requester for colleagues too.
  "post /tickets/{id}/watchers": "RAMD",
  "put /tickets/{id}/watchers/{userId}": "RAMD",
  "delete /tickets/{id}/watchers/{userId}": "RAMD",
  "get /tickets/{id}/links": "RAMD",
  "post /tickets/{id}/links": "AMD",
  // Of a ticket that isn't there; a requester who sees the ticket is refused.
  "delete /tickets/{id}/links/{linkId}": "RAMD",
  "post /tickets/{id}/merge": "AMD",
  "post /tickets/{id}/unmerge": "AMD",
  "get /tickets/{id}/rating": "RAMD",
  "put /tickets/{id}/rating": "R",
  "get /tags": "AMD",
  "get /suppressed-addresses": "D",
  "delete /suppressed-addresses/{id}": "D",
  "get /inbound-mails": "D",
  "post /webhooks/resend": "public",
  "get /tickets/{id}/comments": "RAMD",
  "post /tickets/{id}/comments": "RAMD",
  "get /tickets/{id}/comments/{commentId}": "RAMD",
  // The sweep's comment is the requester's: who wrote it mends it, and nobody else.
  "patch /tickets/{id}/comments/{commentId}": "R",
  "get /tickets/{id}/comments/{commentId}/history": "RAMD",
  "get /tickets/{id}/mentions": "RAMD",
  "get /tickets/{id}/attachments": "RAMD",
  "post /tickets/{id}/attachments": "RAMD",
  "post /attachments": "RAMD",
  "get /attachments/{id}": "RAMD",
  "delete /attachments/{id}": "RAMD",
  "get /attachments/{id}/content": "RAMD",
  "post /tickets/{id}/comments/preview": "RAMD",
  "get /canned-replies": "AMD",
  "post /canned-replies": "AMD",
  "get /canned-replies/{id}": "AMD",
  // The sweep's is the desk's.
  "patch /canned-replies/{id}": "MD",
  "get /macros": "AMD",
  "post /macros": "MD",
  "get /macros/{id}": "AMD",
  "patch /macros/{id}": "MD",
  "post /tickets/{id}/macro": "AMD",
  "get /queues": "AMD",
  "post /queues": "MD",
  "get /queues/{id}": "AMD",
  "patch /queues/{id}": "MD",
  "put /queues/{id}/members/{userId}": "MD",
  "patch /queues/{id}/members/{userId}": "AMD",
  "delete /queues/{id}/members/{userId}": "MD",
  "get /calendars": "AMD",
  "post /calendars": "MD",
  "get /calendars/{id}": "AMD",
  "patch /calendars/{id}": "MD",
  "get /sla-policies": "AMD",
  "post /sla-policies": "MD",
  "get /sla-policies/{id}": "AMD",
  "patch /sla-policies/{id}": "MD",
  "get /catalog": "RAMD",
  "post /catalog": "MD",
  "get /catalog/{id}": "RAMD",
  "patch /catalog/{id}": "MD",
  "put /catalog/order": "MD",
  "post /catalog/{id}/requests": "RAMD",
  "get /tickets/{id}/request": "RAMD",
  "put /categories/order": "MD",
  "get /categories": "RAMD",
  "post /categories": "MD",
  "get /categories/{id}": "AMD",
  "patch /categories/{id}": "MD",
  "get /notifications": "RAMD",
  "post /notifications/read": "RAMD",
  "get /events": "RAMD",
  "get /tickets/{id}/presence": "AMD",
  "post /tickets/{id}/presence": "AMD",
  "delete /tickets/{id}/presence": "AMD",
  "get /tenant": "D",
  "patch /tenant": "D",
  "get /webhook-endpoints": "D",
  "post /webhook-endpoints": "D",
  "get /webhook-endpoints/{id}": "D",
  "patch /webhook-endpoints/{id}": "D",
  "delete /webhook-endpoints/{id}": "D",
  "post /webhook-endpoints/{id}/rotate-secret": "D",
  "post /webhook-endpoints/{id}/test": "D",
  "get /webhook-endpoints/{id}/deliveries": "D",
  "get /webhook-endpoints/{id}/deliveries/{deliveryId}": "D",
  "post /webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver": "D",
  "get /outbox": "D",
  "get /outbox/stats": "D",
  "post /outbox/retry": "D",
  "get /outbox/{id}": "D",
  "post /outbox/{id}/retry": "D",
  "get /storage": "D",
  "get /audit": "D",
  "get /audit/verify": "D",
};

/** An organisation that gives authors less to edit a comment may refuse the requester by then. */
export const AMPLE_MINUTES = 15;

/** Whether a role is among those that a table names. */
export function isNamed(role: RoleName, who: string): boolean {
  return who !== "public" && who.includes(LETTERS[role]);
}

/** Whether a role may do it, by the table. */
export function mayDo(role: RoleName, name: string): boolean {
  return isNamed(role, ROLES_OF[name] ?? "");
}

/** Whoever may not is told that there is no such thing. */
const HIDDEN = /^\w+ \/(?:saved-)?reports\b/;

/**
 * What is wrong with the status that a role got; null where nothing is. Who may do a thing can still be told that it
 * isn't there, has changed, or is invalid.
 */
export function roleFault(role: RoleName, name: string, status: number): string | null {
  const refusal = HIDDEN.test(name) ? 404 : 403;
  if (!mayDo(role, name)) return status === refusal ? null : String(refusal);
  return status === 401 || status === 403 || status >= 500 ? "not refused" : null;
}

/** Asked with an id of nothing: done, it would end a session, change a person, or take away what others need. */
export function isSpared(name: string): boolean {
  return /sessions|^patch \/users|^delete|^post \/outbox\/\{id\}/.test(name);
}

/** Done, it would resend old messages of whoever lent the organisation. */
export const OF_ORGANISATION: readonly string[] = ["post /outbox/retry"];
/** Done, it would sign out or send an email to whoever lent the account. */
export const OF_PERSON: readonly string[] = [
  "delete /me/sessions",
  "post /me/email-confirmation",
  "post /saved-reports/{id}/send",
];
