import type { Organisation } from "./organisation.ts";
import { type Person, said } from "./person.ts";
import type { Report } from "./report.ts";

const DELETED = /^\/(views|saved-reports|webhook-endpoints|invitations|attachments)\/[^/]+$/;
const ARCHIVED = /^\/(queues|categories|catalog|canned-replies|macros|calendars|sla-policies)\/[^/]+$/;
const TICKET = /^\/tickets\/[^/]+$/;

/**
 * Deletes, archives or cancels what was made, deactivates whoever was invited, and ends our sessions.
 *
 * @returns what stays
 */
export async function cleanUp(
  organisation: Organisation,
  report: Report,
): Promise<string[]> {
  const { people } = organisation;
  const { ADMIN } = people;
  if (!ADMIN.token) return [];
  const left: string[] = [];
  const counts = new Map<string, number>();
  // Later things lean on earlier ones.
  for (const [path, maker] of [...organisation.created].reverse()) {
    // What somebody keeps for themselves isn't there for an admin.
    const what = await remove(ADMIN, path) ?? await remove(maker, path);
    if (what) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  for (const person of organisation.invited) {
    await deactivate(ADMIN, person, report);
    counts.set("deactivated people", (counts.get("deactivated people") ?? 0) + 1);
  }
  for (const person of Object.values(people)) {
    if (person.token && !organisation.invited.includes(person)) await person.signOut();
  }
  ADMIN.account = undefined;
  const ended = await ADMIN.get("/me");
  report.probe(
    { method: "GET", path: "/v1/me", role: "ADMIN, signed out" },
    ended.status === 401 ? null : "401",
    ended,
  );
  if (counts.size > 0) {
    left.push(
      `In "${organisation.slug}": ${[...counts].map(([what, count]) => `${count} ${what}`).join(", ")}`,
    );
  }
  if (organisation.isNew) {
    left.push(`The organisation "${organisation.slug}" and its administrator, whose password nobody knows`);
  }
  return left;
}

/** @returns what is left of it, "" for nothing or a part of something else; null where there is no such thing */
async function remove(admin: Person, path: string): Promise<string | null> {
  if (DELETED.test(path)) {
    const { status } = await admin.api("DELETE", path);
    if (status === 404) return null;
    return status < 400 ? "" : "things that can't be deleted";
  }
  const kind = TICKET.test(path) ? "tickets" : ARCHIVED.test(path) ? "archived things" : null;
  if (!kind) return "";
  const { status, body } = await admin.get(path);
  if (status === 404) return null;
  if (kind === "tickets") {
    await admin.post(`${path}/transitions`, { version: body?.version, to: "cancelled" });
    return "cancelled or closed tickets";
  }
  const archived = await admin.patch(path, { version: body?.version, archived: true });
  return archived.status === 200 ? kind : "things that can't be archived";
}

/** Their next request must be refused. CHK-19 */
async function deactivate(admin: Person, person: Person, report: Report): Promise<void> {
  const path = `/users/${person.user.id}`;
  const { body } = await admin.get(path);
  const changed = await admin.patch(path, { version: body?.version, active: false });
  const asked = { method: "PATCH", path: "/v1/users/{id}", role: "ADMIN" };
  report.probe(asked, changed.status === 200 ? null : "deactivated", changed);
  if (changed.status !== 200) return;
  person.account = undefined;
  const after = await person.get("/me");
  const role = `${person.who}, deactivated`;
  report.probe(
    { method: "GET", path: "/v1/me", role },
    after.status === 401 ? null : `401 (${said(changed)})`,
    after,
  );
}
