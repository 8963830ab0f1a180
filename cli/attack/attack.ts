import { bodyFor } from "./bodies.ts";
import type { Operation } from "./operations.ts";
import type { Organisation } from "./organisation.ts";
import type { Person } from "./person.ts";
import type { Report } from "./report.ts";
import type { Answer } from "./wire.ts";

/** What the probes work with. */
export interface Attack {
  report: Report;
  operations: Operation[];
  ours: Organisation;
  theirs: Organisation;
  nobody: Person;
  /** Paths of operations and screens; none for all. */
  only: string[];
  /** A word in every text of theirs. What else is in it must never come back. */
  asked: string;
}

/** No organisation has a thing with this id. */
export const UNKNOWN = "01940000-0000-7000-8000-000000000000";

/** An id of the same age that nothing has. */
export function unknownLike(id: string): string {
  return id.slice(0, 19) + crypto.randomUUID().slice(19);
}

/** The version that nothing has yet: whoever may change it is told so, and nothing is changed. */
const NEVER = 2_147_483_647;
/** What belongs to whoever lent the account. */
const LENT = ["patch /me", "patch /tenant"];

/** A body for an operation in our organisation. @param stranger somebody to invite; default: a member, which is refused */
export function bodyIn({ ours }: Attack, name: string, stranger?: string): Record<string, unknown> {
  const colleague = ours.people.AGENT.user.email;
  const body = bodyFor(name, ours.ids, { colleague, stranger: stranger ?? colleague });
  if (LENT.includes(name)) return { ...body, version: NEVER };
  // An order is one of all things, and whoever may change it is told that there is no such thing.
  return !ours.isNew && name.endsWith("/order") ? { ...body, ids: [UNKNOWN] } : body;
}

/** Sends a request to an operation, with its own body unless there is another. */
export async function call(
  attack: Attack,
  person: Person,
  operation: Operation,
  { path, body }: { path: string; body?: unknown },
): Promise<Answer> {
  const method = operation.method.toUpperCase();
  if (!operation.takesJson) return await person.api(method, path);
  return await person.api(method, path, { body: body ?? bodyIn(attack, operation.name) });
}

/** What of an answer can tell ids apart: all of it, but for the id itself and the request's. */
export function faceOf({ status, headers, text, body }: Answer, id: string): string {
  const told = ["content-type", "etag", "location"].map((name) => headers.get(name) ?? "");
  const requestId = body?.requestId;
  const same = [status, ...told, text].join("\n").replaceAll(id, "ID");
  return typeof requestId === "string" ? same.replaceAll(requestId, "REQUEST") : same;
}

/** Works on all items, a few at a time. */
export async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const lane = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 4 }, lane));
}
