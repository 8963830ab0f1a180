/** Tenant, version and audit trail: the server's alone, whatever a body says (SEC-11). */
const NAMES = [
  ...["id", "key", "number", "version", "source", "tenant", "tenantId", "organisationId"],
  ...["author", "authorId", "actor", "actorId", "createdBy", "createdById", "updatedBy", "updatedById"],
  ...["createdAt", "updatedAt", "resolvedAt", "closedAt", "mergedAt", "editedAt", "deletedAt", "archivedAt"],
  "allowedTransitions",
];
/** A ticket's clocks. Not what chooses a policy: who sends that wants something done. */
const CLOCKS = [
  "clock",
  "breach",
  "due",
  "target",
  "state",
  "metric",
  "warn",
  "first",
  "response",
  "resolution",
];

/**
 * The names that only the server sets, in camel or snake case, as a pattern of JSON Schema. Whatever else an operation doesn't
 * know is refused: who sends a due time or an owner wants something done too.
 * @param taken by the operation itself
 */
export function serverFields(taken: readonly string[] = []): string {
  const names = NAMES.flatMap((name) => [...new Set([name, snakeCase(name)])]);
  const clocks = CLOCKS.map((word) => `[${word[0]!.toUpperCase()}${word[0]}]${word.slice(1)}`).join("|");
  return `^(?:${names.filter((name) => !taken.includes(name)).join("|")}|sla(?:_?(?:${clocks})[A-Za-z_]*)?)$`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
