/** What the ids in paths, queries and bodies name. */
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
  | "savedReport"
  | "attachment"
  | "calendar"
  | "slaPolicy"
  | "suppressed"
  | "webhook"
  | "delivery"
  | "message";

/** An organisation's ids by the kind of thing. */
export type Ids = Record<Kind, string>;

/** An operation as the document names it, below /v1. */
export interface Named {
  method: string;
  path: string;
}

/** `post /tickets/{id}/comments` */
export function nameOf({ method, path }: Named): string {
  return `${method} ${path}`;
}

const STARTS: readonly [string, Kind][] = [
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
  ["/saved-reports/{id}", "savedReport"],
  ["/attachments/{id}", "attachment"],
  ["/calendars/{id}", "calendar"],
  ["/sla-policies/{id}", "slaPolicy"],
  ["/outbox/{id}", "message"],
  ["/suppressed-addresses/{id}", "suppressed"],
  ["/webhook-endpoints/{id}", "webhook"],
];

const PLACES = ["id", "userId", "commentId", "linkId", "deliveryId"] as const;

/** The kind of thing that the first id of a path names; null without one. @throws Error where nobody has said */
export function kindOf({ path }: Named): Kind | null {
  if (!PLACES.some((place) => path.includes(`{${place}}`))) return null;
  const found = STARTS.find(([start]) => path.startsWith(start));
  if (!found) throw new Error(`Cannot tell what the id in "${path}" names: add it to the list`);
  return found[1];
}

/** A place for an id in a path. */
export type Place = "id" | "userId" | "commentId" | "linkId" | "deliveryId";

const KINDS_BELOW: Readonly<Record<Exclude<Place, "id">, Kind>> = {
  userId: "user",
  commentId: "comment",
  linkId: "link",
  deliveryId: "delivery",
};

/** Where a path takes ids. */
export function placesIn({ path }: Named): Place[] {
  return PLACES.filter((place) => path.includes(`{${place}}`));
}

/** The ids of an organisation's things for the places of a path. */
export function idsFor(operation: Named, ids: Ids): Record<Place, string> {
  const kind = kindOf(operation);
  const { userId, commentId, linkId, deliveryId } = KINDS_BELOW;
  return {
    id: kind ? ids[kind] : "",
    userId: ids[userId],
    commentId: ids[commentId],
    linkId: ids[linkId],
    deliveryId: ids[deliveryId],
  };
}

/** The operation's path with these ids. */
export function pathOf(
  { path }: Named,
  ids: { id: string; userId: string } & Partial<Record<Place, string>>,
): string {
  return path.replace("{id}", ids.id).replace("{userId}", ids.userId)
    .replace("{commentId}", ids.commentId ?? ids.id).replace("{linkId}", ids.linkId ?? ids.id)
    .replace("{deliveryId}", ids.deliveryId ?? ids.id).replace("{name}", "volume");
}

/** What a field or query parameter names that takes ids. */
export const KIND_OF_FIELD: Readonly<Record<string, Kind>> = {
  attachmentIds: "attachment",
  assigneeId: "user",
  calendarId: "calendar",
  categoryId: "category",
  defaultQueueId: "queue",
  macroId: "macro",
  parentId: "category",
  queueId: "queue",
  queueIds: "queue",
  recipientIds: "user",
  requesterId: "user",
  ticketId: "ticket",
};

/** Fields of bodies that take ids, by operation. An id of another organisation is refused as an unknown one is. */
export const BODY_IDS: Readonly<Record<string, readonly string[]>> = {
  "post /tickets": ["attachmentIds", "categoryId", "queueId", "requesterId"],
  "post /tickets/{id}/comments": ["attachmentIds"],
  "post /tickets/{id}/links": ["ticketId"],
  "patch /tickets/{id}": ["categoryId", "queueId"],
  "put /tickets/{id}/assignment": ["assigneeId", "queueId"],
  "post /tickets/{id}/macro": ["macroId"],
  "post /sla-policies": ["calendarId", "categoryId", "queueId"],
  "patch /sla-policies/{id}": ["calendarId", "categoryId", "queueId"],
  "post /catalog": ["categoryId", "queueId"],
  "patch /catalog/{id}": ["categoryId", "queueId"],
  "put /categories/order": ["parentId"],
  "post /categories": ["parentId", "queueId"],
  "patch /categories/{id}": ["parentId", "queueId"],
  "post /notifications/read": ["ticketId"],
  "patch /tenant": ["defaultQueueId"],
  "post /invitations": ["queueIds"],
  "post /saved-reports": ["recipientIds"],
  "patch /saved-reports/{id}": ["recipientIds"],
};
