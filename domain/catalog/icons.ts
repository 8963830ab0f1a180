export const ITEM_ICONS = [
  "ticket",
  "monitor",
  "lock",
  "user",
  "users",
  "mail",
  "book",
  "shield",
  "settings",
  "link",
] as const;
