/** Every role, and nobody, at every operation. CHK-11 */
import { type Attack, call, UNKNOWN } from "./attack.ts";
import {
  AMPLE_MINUTES,
  isSpared,
  mayDo,
  OF_ORGANISATION,
  OF_PERSON,
  ROLE_NAMES,
  roleFault,
  ROLES_OF,
} from "./roles.ts";
import { idsFor, pathOf } from "./things.ts";

const EDIT_COMMENT = "patch /tickets/{id}/comments/{commentId}";

export async function probeRoles(attack: Attack): Promise<void> {
  const { report, operations, ours, nobody } = attack;
  const { commentEditMinutes = 0 } = (await ours.people.ADMIN.get("/tenant")).body ?? {};
  const spared = new Set<string>();
  for (const operation of operations) {
    const { name } = operation;
    if (ROLES_OF[name] === "public") continue;
    const ids = idsFor(operation, ours.ids);
    const path = pathOf(operation, isSpared(name) || ids.id === "" ? { id: UNKNOWN, userId: UNKNOWN } : ids);
    const asked = { method: operation.method.toUpperCase(), path: `/v1${operation.path}` };
    const anonymous = await call(attack, nobody, operation, { path });
    report.probe({ ...asked, role: "nobody" }, anonymous.status === 401 ? null : "401", anonymous);
    for (const role of ROLE_NAMES) {
      const person = ours.people[role];
      const isLent = !ours.isNew &&
        (OF_ORGANISATION.includes(name) || OF_PERSON.includes(name) && !ours.invited.includes(person));
      if (isLent && mayDo(role, name)) {
        spared.add(name);
        continue;
      }
      if (name === EDIT_COMMENT && role === "REQUESTER" && commentEditMinutes < AMPLE_MINUTES) continue;
      const answer = await call(attack, person, operation, { path });
      report.probe({ ...asked, role }, roleFault(role, name, answer.status), answer);
    }
  }
  if (spared.size > 0) {
    report.skipped.push(
      `what would touch more than the attack made, by whoever may do it: ${[...spared].join(", ")}`,
    );
  }
}

/** Lists and searches for the word that is in every text of theirs; what comes back is looked through as it comes. */
export async function probeSearches({ report, operations, ours, asked: word }: Attack): Promise<void> {
  for (const operation of operations.filter(({ method }) => method === "get")) {
    const fields = operation.query.filter((field) => /^(q|tag|name)$/.test(field));
    if (fields.length === 0) continue;
    const path = pathOf(operation, idsFor(operation, ours.ids));
    for (const field of fields) {
      for (const role of ROLE_NAMES.filter((role) => mayDo(role, operation.name))) {
        const answer = await ours.people[role].get(`${path}?${field}=${word}`);
        const asked = { method: "GET", path: `/v1${operation.path}?${field}=`, role };
        report.probe(asked, answer.status >= 500 ? "an answer" : null, answer);
      }
    }
  }
}
