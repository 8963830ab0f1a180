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
  "saved_report",
  "message",
  "suppressed_address",
  "webhook_endpoint",
] as const;

export type Entity = typeof ENTITIES[number];
