const ENTITY_WORDS: Record<string, string> = {
  tenant: "Organisation",
  user: "Person",
  sla_policy: "SLA policy",
};

/** Labels of actions whose name isn't clear enough. */
const ACTION_WORDS: Record<string, string> = {
  "session.started": "Signed in",
  "session.ended": "Signed out",
  "ticket.transitioned": "Ticket: status changed",
  "ticket.attached": "Ticket: file added",
  "ticket.detached": "Ticket: file deleted",
  "ticket.merged": "Ticket: merged into another",
  "ticket.merged_in": "Ticket: another ticket merged in",
  "ticket.sla_warned": "Ticket: SLA warning",
  "ticket.sla_breached": "Ticket: SLA breached",
  "ticket.unmerged": "Ticket: merge undone",
  "ticket.unmerged_out": "Ticket: merge of another ticket undone",
};

/** `ticket.queue_changed` as a label: "Ticket: queue changed". */
export function actionLabel(action: string): string {
  const words = ACTION_WORDS[action];
  if (words !== undefined) return words;
  const [entity = "", ...rest] = action.split(".");
  return `${entityWord(entity)}: ${rest.join(" ").replaceAll("_", " ")}`;
}

export function entityWord(entity: string): string {
  return ENTITY_WORDS[entity] ?? wordsOf(entity);
}

/** `agentsSeeAll` or `pending_reason` as a label: "Agents see all". */
export function wordsOf(name: string): string {
  const words = name.replaceAll(/[_.]/g, " ").replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A changed value as text: names instead of ids, lists joined by commas. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map(valueText).join(", ");
  // A value of an enum, such as in_progress.
  if (typeof value === "string" && /^[a-z]{1,30}(_[a-z]{1,30})+$/.test(value)) {
    return value.replaceAll("_", " ");
  }
  if (typeof value !== "object") return String(value);
  const { name, label, key } = value as Record<string, unknown>;
  const named = name ?? label ?? key;
  if (typeof named === "string") return named;
  const filled = Object.entries(value).filter(([, part]) => part !== null && valueText(part) !== "–");
  return filled.map(([part, text]) => `${wordsOf(part)}: ${valueText(text)}`).join("\n") || "–";
}

/** A field of a change, before and after. */
export interface FieldChange {
  from: unknown;
  to: unknown;
}

export function isFieldChange(value: unknown): value is FieldChange {
  return typeof value === "object" && value !== null && "from" in value && "to" in value;
}

export function isLong(text: string): boolean {
  return text.length > 60 || text.includes("\n");
}
