export const ENTITIES = [
  "ticket",
  "user",
  "queue",
  "category",
  "tenant",
  "session",
  "invitation",
  "calendar",
  "sla_policy",
  "catalog_item",
  "attachment",
  "canned_reply",
  "macro",
  "view",
  "message",
  "suppressed_address",
  "webhook_endpoint",
] as const;

export type Entity = typeof ENTITIES[number];
