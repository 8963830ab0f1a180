/** The pages, as the tests and `deno task attack` share them. */

/**
 * Every screen, who may open it and who may send its form: R requester, A agent, M manager, D admin; "public" needs no
 * one signed in.
 */
export const SCREENS_OF: Readonly<Record<string, { GET?: string; POST?: string }>> = {
  "/": { GET: "public" },
  "/[...path]": { GET: "public", POST: "public" },
  "/accept-invitation/[token]": { GET: "public", POST: "public" },
  "/admin": { GET: "MD" },
  "/admin/audit": { GET: "D" },
  "/admin/outbox": { GET: "D" },
  "/admin/outbox/retry": { POST: "D" },
  "/admin/outbox/[message]/retry": { POST: "D" },
  "/admin/audit/verify": { GET: "D" },
  "/admin/received-mail": { GET: "D" },
  "/admin/storage": { GET: "D" },
  "/admin/suppressed-addresses": { GET: "D" },
  "/admin/suppressed-addresses/[address]/lifting": { POST: "D" },
  "/admin/organisation": { GET: "D", POST: "D" },
  "/admin/webhooks": { GET: "D" },
  "/admin/webhooks/[endpoint]": { GET: "D", POST: "D" },
  "/admin/webhooks/[endpoint]/deletion": { POST: "D" },
  "/admin/webhooks/[endpoint]/deliveries/[delivery]": { GET: "D" },
  "/admin/webhooks/[endpoint]/deliveries/[delivery]/redelivery": { POST: "D" },
  "/admin/webhooks/[endpoint]/edit": { GET: "D", POST: "D" },
  "/admin/webhooks/[endpoint]/secret": { GET: "D", POST: "D" },
  "/admin/webhooks/[endpoint]/test": { POST: "D" },
  "/admin/webhooks/new": { GET: "D", POST: "D" },
  "/admin/canned-replies": { GET: "AMD" },
  "/admin/canned-replies/[reply]": { GET: "AMD", POST: "MD" },
  "/admin/canned-replies/new": { GET: "AMD", POST: "AMD" },
  "/admin/macros": { GET: "MD" },
  "/admin/macros/[macro]": { GET: "MD", POST: "MD" },
  "/admin/macros/new": { GET: "MD", POST: "MD" },
  "/admin/calendars": { GET: "MD" },
  "/admin/calendars/[calendar]": { GET: "MD", POST: "MD" },
  "/admin/calendars/new": { GET: "MD", POST: "MD" },
  "/admin/sla": { GET: "MD" },
  "/admin/sla/[policy]": { GET: "MD", POST: "MD" },
  "/admin/sla/new": { GET: "MD", POST: "MD" },
  "/admin/users": { GET: "D" },
  "/admin/users/[id]": { GET: "D", POST: "D" },
  "/admin/users/invitations": { GET: "D", POST: "D" },
  "/admin/users/invitations/[id]/revocation": { POST: "D" },
  "/attachments/[file]": { GET: "RAMD" },
  "/attachments/[file]/deletion": { POST: "RAMD" },
  "/admin/queues": { GET: "MD" },
  "/admin/queues/[queue]": { GET: "MD", POST: "MD" },
  "/admin/queues/[queue]/members": { GET: "public", POST: "MD" },
  "/admin/queues/new": { GET: "MD", POST: "MD" },
  "/admin/catalog": { GET: "MD" },
  "/admin/catalog/[item]": { GET: "MD", POST: "MD" },
  "/admin/catalog/[item]/archive": { POST: "MD" },
  "/admin/catalog/new": { GET: "MD", POST: "MD" },
  "/admin/catalog/order": { POST: "MD" },
  "/admin/categories": { GET: "MD", POST: "MD" },
  "/admin/categories/[category]": { GET: "MD", POST: "MD" },
  "/admin/categories/order": { POST: "MD" },
  "/catalog": { GET: "RAMD" },
  "/catalog/[item]": { GET: "RAMD", POST: "RAMD" },
  // Not there unless DEV_PAGES is on.
  "/dev/mails": { GET: "public" },
  "/dev/mails/[template]": { GET: "public" },
  "/confirm-email/[token]": { GET: "public", POST: "public" },
  "/find-organisation": { GET: "public", POST: "public" },
  "/forgot-password": { GET: "public", POST: "public" },
  "/home": { GET: "RAMD" },
  "/notifications": { GET: "RAMD", POST: "RAMD" },
  // Leads on to what it tells of; whose it isn't is told that there is no such thing.
  "/notifications/[id]": { GET: "public", POST: "public" },
  "/o/[slug]/sign-in": { GET: "public", POST: "public" },
  "/profile": { GET: "RAMD", POST: "RAMD" },
  // These only lead back to the profile when they are opened.
  "/profile/confirmation": { GET: "public", POST: "RAMD" },
  "/profile/password": { GET: "public", POST: "RAMD" },
  "/profile/preferences": { GET: "public", POST: "RAMD" },
  "/profile/sign-outs": { GET: "public", POST: "RAMD" },
  "/queues": { GET: "AMD" },
  "/queues/[queue]": { GET: "AMD" },
  "/queues/[queue]/members": { GET: "public", POST: "AMD" },
  "/queues/[queue]/moves": { GET: "public", POST: "AMD" },
  "/register": { GET: "public", POST: "public" },
  "/reports": { GET: "AMD" },
  "/reports/[report]": { GET: "AMD" },
  "/reports/[report]/export": { GET: "AMD" },
  "/reports/[report]/tickets": { GET: "AMD" },
  "/reset-password/[token]": { GET: "public", POST: "public" },
  "/search": { GET: "RAMD" },
  "/sla": { GET: "AMD" },
  "/sign-in": { GET: "public", POST: "public" },
  "/sign-out": { POST: "public" },
  "/theme": { POST: "public" },
  "/tickets": { GET: "RAMD" },
  "/tickets/bulk": { GET: "AMD", POST: "AMD" },
  "/tickets/export": { GET: "RAMD" },
  "/unsubscribe/[token]": { GET: "public", POST: "public" },
  "/reports/saved": { GET: "AMD", POST: "AMD" },
  "/reports/saved/[saved]": { GET: "D", POST: "D" },
  "/reports/saved/[saved]/deletion": { POST: "D" },
  "/reports/saved/[saved]/sending": { POST: "D" },
  "/views": { GET: "RAMD", POST: "RAMD" },
  "/views/[view]": { GET: "D", POST: "D" },
  "/views/[view]/deletion": { POST: "D" },
  "/tickets/[key]": { GET: "RAMD" },
  // These only lead back to the ticket when they are opened.
  "/tickets/[key]/assignment": { GET: "public", POST: "AMD" },
  "/tickets/[key]/attachments": { GET: "public", POST: "RAMD" },
  "/tickets/[key]/comments": { GET: "public", POST: "RAMD" },
  // Of the requester's comment: who wrote it mends it.
  "/tickets/[key]/comments/[comment]/edit": { GET: "R", POST: "R" },
  "/tickets/[key]/comments/[comment]/history": { GET: "RAMD" },
  "/tickets/[key]/composer": { GET: "public", POST: "RAMD" },
  "/tickets/[key]/macro": { GET: "public", POST: "AMD" },
  "/tickets/[key]/edit": { GET: "RAMD", POST: "RAMD" },
  "/tickets/[key]/sla": { GET: "RAMD" },
  "/tickets/[key]/transitions": { GET: "public", POST: "RAMD" },
  "/tickets/[key]/links": { GET: "public", POST: "AMD" },
  "/tickets/[key]/merge": { GET: "AMD", POST: "AMD" },
  "/tickets/[key]/rating": { GET: "public", POST: "R" },
  "/tickets/[key]/tags": { GET: "public", POST: "AMD" },
  "/tickets/[key]/unmerge": { GET: "public", POST: "AMD" },
  // Everybody for themselves.
  "/tickets/[key]/watchers": { GET: "public", POST: "RAMD" },
  "/tickets/new": { GET: "RAMD", POST: "RAMD" },
};

/**
 * The address of a screen, with `values` for what stands in brackets.
 *
 * @param otherwise stands for whatever has no value of its own
 * @throws Error for one that has no value
 */
export function addressOf(
  { path }: { path: string },
  values: Readonly<Record<string, string>>,
  otherwise?: string,
): string {
  return path.replaceAll(/\[(?:\.{3})?(\w+)\]/g, (_, name: string) => {
    const value = values[name] ?? otherwise;
    if (value === undefined) throw new Error(`Cannot open ${path}: no value for "${name}"`);
    return value;
  });
}
