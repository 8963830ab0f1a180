/** Ids of another organisation, which must answer as ids of nothing do. */
import { type Attack, bodyIn, call, faceOf, inLanes, unknownLike } from "./attack.ts";
import type { Operation } from "./operations.ts";
import { said } from "./person.ts";
import { mayDo, ROLE_NAMES, type RoleName } from "./roles.ts";
import { BODY_IDS, idsFor, KIND_OF_FIELD, pathOf, placesIn } from "./things.ts";
import type { Answer } from "./wire.ts";

interface Pair {
  role: RoleName;
  operation: Operation;
  /** Where the id is, for the report. */
  where: string;
  foreign: string;
  ask: (id: string) => Promise<Answer>;
  /** What an admin gets. */
  status?: number;
  /** Takes out what differs by itself. */
  steady?: (text: string) => string;
}

async function probe({ report }: Attack, pair: Pair): Promise<void> {
  const { role, operation, where, foreign, status, steady = (text) => text } = pair;
  const unknown = unknownLike(foreign);
  const [theirs, nothing] = [await pair.ask(foreign), await pair.ask(unknown)];
  const asked = { method: operation.method.toUpperCase(), path: `/v1${operation.path} (${where})`, role };
  const isAlike = steady(faceOf(theirs, foreign)) === steady(faceOf(nothing, unknown));
  const isRefused = status === undefined || theirs.status === status ||
    role !== "ADMIN" && theirs.status >= 400 && theirs.status < 500;
  const fault = !isAlike
    ? `the same for another organisation's id as for an unknown one (${said(nothing)})`
    : isRefused
    ? null
    : String(status);
  report.probe(asked, fault, theirs);
}

/** In every place of every path, by every role that may do it. CHK-07 */
export async function probePaths(attack: Attack): Promise<void> {
  const { ours, theirs, operations } = attack;
  const pairs = operations.flatMap((operation) =>
    placesIn(operation).flatMap((place) =>
      ROLE_NAMES.filter((role) => mayDo(role, operation.name)).map((role): Pair => ({
        role,
        operation,
        where: place,
        foreign: idsFor(operation, theirs.ids)[place],
        status: 404,
        ask: (id) => {
          const path = pathOf(operation, { ...idsFor(operation, ours.ids), [place]: id });
          return call(attack, ours.people[role], operation, { path });
        },
      }))
    )
  );
  await inLanes(pairs.filter(({ foreign }) => foreign !== ""), (pair) => probe(attack, pair));
}

/** In every query parameter that takes an id. */
export async function probeQueries(attack: Attack): Promise<void> {
  const { ours, theirs, operations } = attack;
  const pairs = operations.filter(({ method }) => method === "get").flatMap((operation) =>
    operation.query.filter((field) => field in KIND_OF_FIELD).flatMap((field) =>
      ROLE_NAMES.filter((role) => mayDo(role, operation.name)).map((role): Pair => ({
        role,
        operation,
        where: `?${field}`,
        foreign: theirs.ids[KIND_OF_FIELD[field]!],
        steady: (text) => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"),
        ask: (id) => {
          const path = `${pathOf(operation, idsFor(operation, ours.ids))}?${field}=${id}`;
          return call(attack, ours.people[role], operation, { path });
        },
      }))
    )
  );
  await inLanes(pairs.filter(({ foreign }) => foreign !== ""), (pair) => probe(attack, pair));
}

/** Ids in lists and targets that a body may name without being refused for it. */
const MORE_IDS: Readonly<Record<string, (id: string) => Record<string, unknown>>> = {
  "post /tickets/bulk": (id) => ({ ids: [id], dryRun: false }),
  "post /tickets/{id}/merge": (id) => ({ into: id }),
  "put /catalog/order": (id) => ({ ids: [id] }),
  "put /categories/order": (id) => ({ ids: [id] }),
};
const MORE_KINDS = { "put /catalog/order": "item", "put /categories/order": "category" } as const;

/** In every field of a body that takes an id. CHK-08 */
export async function probeBodies(attack: Attack): Promise<void> {
  const { ours, theirs, operations } = attack;
  for (const operation of operations) {
    const { name } = operation;
    const fields = (BODY_IDS[name] ?? []).map((field) => ({
      where: field,
      foreign: theirs.ids[KIND_OF_FIELD[field]!],
      status: 422,
      fields: (id: string) => ({ [field]: field.endsWith("Ids") ? [id] : id }),
    }));
    const more = MORE_IDS[name];
    const kind = MORE_KINDS[name as keyof typeof MORE_KINDS] ?? "ticket";
    const all = more ? [...fields, { where: "ids", foreign: theirs.ids[kind], fields: more }] : fields;
    const path = pathOf(operation, idsFor(operation, ours.ids));
    for (const { fields, ...pair } of all.filter(({ foreign }) => foreign !== "")) {
      const body = await currentBody(attack, operation, path);
      for (const role of ROLE_NAMES.filter((role) => mayDo(role, name))) {
        const ask = (id: string) =>
          call(attack, ours.people[role], operation, { path, body: { ...body, ...fields(id) } });
        await probe(attack, { ...pair, role, operation, ask });
      }
    }
  }
}

/** With the version that the thing has, so that nothing but the id is wrong. */
async function currentBody(
  attack: Attack,
  { name }: Operation,
  path: string,
): Promise<Record<string, unknown>> {
  const body = bodyIn(attack, name, `${crypto.randomUUID()}@works.example`);
  if (!("version" in body)) return body;
  const thing = path.replace(/^(\/tickets\/[^/]+)\/.*/, "$1");
  return { ...body, version: (await attack.ours.people.ADMIN.get(thing)).body?.version ?? 1 };
}
