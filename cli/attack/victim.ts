/** What the attacked organisation has, before and after. */
import { type Attack, inLanes } from "./attack.ts";
import { said } from "./person.ts";
import { idsFor, pathOf, placesIn } from "./things.ts";
import type { Answer } from "./wire.ts";

/** Changes by itself: sessions, deliveries, presence, the feed that tells of them, seals, and the health of all that. */
const RESTLESS =
  /sessions|outbox|deliveries|webhook-endpoints|presence|events|search|verify|dashboard|\/sla$|\/content$/;
const RESTLESS_FIELDS = new Set(["sla", "lastSeenAt", "nextUpdatedAfter", "madeAt"]);

/** What an answer shows of the organisation. */
function shown(path: string, { status, body, text }: Answer): string {
  if (path === "/audit") {
    const entries = (body?.items ?? []) as { id: string; action: string }[];
    // Our own renewed sign-ins leave entries, and push old ones off the page.
    const told = entries.filter(({ action }) => !action.startsWith("session.")).slice(0, 20);
    return told.map(({ id }) => id).join(" ");
  }
  const steady = (name: string, value: unknown) => RESTLESS_FIELDS.has(name) ? undefined : value;
  return `${status} ${body === undefined ? text : JSON.stringify(body, steady)}`;
}

export type Snapshot = Map<string, { shown: string; answer: Answer }>;

/** Reads all that its admin can read. */
export async function readVictim({ operations, theirs }: Attack): Promise<Snapshot> {
  const snapshot: Snapshot = new Map();
  const reads = operations.filter((operation) =>
    operation.method === "get" && !RESTLESS.test(operation.path) &&
    placesIn(operation).every((place) => idsFor(operation, theirs.ids)[place] !== "")
  );
  await inLanes(reads, async (operation) => {
    const path = pathOf(operation, idsFor(operation, theirs.ids));
    const answer = await theirs.people.ADMIN.get(path === "/audit" ? "/audit?limit=100" : path);
    snapshot.set(operation.path, { shown: shown(operation.path, answer), answer });
  });
  return snapshot;
}

/** Nothing of it may have changed. */
export async function compareVictim(attack: Attack, before: Snapshot): Promise<void> {
  for (const [path, { shown, answer }] of await readVictim(attack)) {
    const was = before.get(path)!;
    const fault = shown === was.shown
      ? null
      : `nothing of the other organisation to change (${said(was.answer)})`;
    attack.report.probe(
      { method: "GET", path: `/v1${path}`, role: "the other organisation's ADMIN" },
      fault,
      answer,
    );
  }
}
