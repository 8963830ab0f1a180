import { type Attack, UNKNOWN } from "./attack.ts";
import { cleanUp } from "./clean_up.ts";
import { compareWithTable, readDocument } from "./operations.ts";
import type { Accounts, Options } from "./options.ts";
import { enter, fillOrganisation, newOrganisation, type Opening, type Organisation } from "./organisation.ts";
import { Person } from "./person.ts";
import { probeBodies, probePaths, probeQueries } from "./probe_ids.ts";
import { probeCookies, probeHeaders, probeOtherSites, probeTokens } from "./probe_doors.ts";
import { probeRoles, probeSearches } from "./probe_roles.ts";
import { probeScreens } from "./probe_screens.ts";
import { SCREENS_OF } from "./screens.ts";
import { Report } from "./report.ts";
import { compareVictim, readVictim } from "./victim.ts";
import { type Answer, CannotRun, Wire } from "./wire.ts";

const CLEAN_UP_MS = 60_000;

export interface Result {
  report: Report;
  requests: number;
  /** What could not be removed. */
  left: string[];
  /** Why the attack ended early; null when it didn't. */
  error: unknown;
}

interface Running {
  options: Options;
  accounts: { A: Accounts | undefined; B: Accounts | undefined };
  stop: AbortSignal;
  say: (line: string) => void;
}

/** Attacks an installation and cleans up after itself, whatever happens. */
export async function run({ options, accounts, stop, say }: Running): Promise<Result> {
  const report = new Report(say);
  const deadline = Date.now() + options.minutes * 60_000;
  const limit = AbortSignal.any([stop, AbortSignal.timeout(options.minutes * 60_000)]);
  const wire = new Wire(options.url, { deadline, stop: limit, say });
  const opened: Organisation[] = [];
  const result: Result = { report, requests: 0, left: [], error: null };
  try {
    await attackWith({ wire, report, accounts, opened, say, options });
  } catch (error) {
    result.error = error;
  }
  wire.onAnswer = () => {};
  wire.options = { deadline: Date.now() + CLEAN_UP_MS, stop: AbortSignal.timeout(CLEAN_UP_MS), say };
  for (const organisation of opened) {
    try {
      result.left.push(...await cleanUp(organisation, report));
    } catch (error) {
      result.left.push(`All of "${organisation.slug}": ${(error as Error).message}`);
    }
  }
  result.requests = wire.requests;
  return result;
}

interface Means {
  wire: Wire;
  report: Report;
  accounts: Running["accounts"];
  opened: Organisation[];
  say: (line: string) => void;
  options: Options;
}

async function attackWith(means: Means): Promise<void> {
  const { wire, report, say, options: { minutes, only } } = means;
  const nobody = new Person(wire, "nobody");
  const document = await readDocument(nobody);
  const { known: all, unknown, missing } = compareWithTable(document.operations);
  const isThere = (path: string) => path in SCREENS_OF || all.some((operation) => operation.path === path);
  const lost = all.length === 0 ? ["operation of ServiceHub"] : only.filter((path) => !isThere(path));
  if (lost.length > 0) throw new CannotRun(`${wire.origin} has no ${lost.join(", ")}`);
  const known = all.filter(({ path }) => only.length === 0 || only.includes(path));
  if (unknown.length > 0) {
    report.skipped.push(`operations that this suite doesn't know: ${unknown.join(", ")}`);
  }
  if (missing.length > 0) {
    report.skipped.push(`operations that the installation hasn't: ${missing.join(", ")}`);
  }
  await nobody.get(`/tickets/${UNKNOWN}`);
  // Nobody is refused at each operation, and counts by address.
  const atLeast = wire.perMinute ? Math.max(1, Math.ceil(known.length / wire.perMinute)) : 1;
  say(
    `Attacking ${known.length} operations of ${wire.origin} (version ${document.version} of its API). ` +
      `Takes about ${atLeast} to ${atLeast + 2} minutes, at most ${minutes}`,
  );
  const { attack, secret } = await setUp(means, { nobody, operations: known });
  wire.onAnswer = (who, what, answer) => {
    if (!who.startsWith(THEIRS)) lookFor(report, secret, { who, what, answer });
  };
  for (const [what, probe] of PROBES) {
    const [probes, findings] = [report.probes, report.findings.length];
    await probe(attack);
    say(`${what}: ${report.probes - probes} probes, ${report.findings.length - findings} findings`);
  }
}

const THEIRS = "the other organisation's ";

/** Two organisations with one of everything. */
async function setUp(
  { wire, report, accounts, opened, say, options }: Means,
  { nobody, operations }: Pick<Attack, "nobody" | "operations">,
): Promise<{ attack: Attack; secret: string }> {
  const word = () => crypto.randomUUID().replaceAll("-", "").slice(0, 10);
  const run = word();
  const [asked, secret] = [`asked${word()}`, `secret${word()}`];
  const openings: Opening[] = [
    { letter: "A", accounts: accounts.A, prefix: "", suffix: ` ${run}`, run },
    { letter: "B", accounts: accounts.B, prefix: THEIRS, suffix: ` ${asked} ${secret}`, run },
  ];
  const notMade = new Set<string>();
  for (const opening of openings) {
    const organisation = newOrganisation(wire, opening);
    opened.push(organisation);
    await enter(organisation, opening);
    for (const kind of await fillOrganisation(organisation, opening)) notMade.add(kind);
  }
  if (notMade.size > 0) {
    report.skipped.push(`ids of what can't be made through /v1: ${[...notMade].join(", ")}`);
  }
  const [ours, theirs] = opened as [Organisation, Organisation];
  say(`Set up "${ours.slug}" to attack from and "${theirs.slug}" to attack`);
  return {
    attack: { report, operations, ours, theirs, nobody, asked, only: options.only },
    secret,
  };
}

/** The probes in their order: what is refused comes before what changes our own organisation. */
const PROBES: readonly [string, (attack: Attack) => Promise<void>][] = [
  ["Another organisation's ids", async (attack) => {
    const before = await readVictim(attack);
    await probePaths(attack);
    await probeQueries(attack);
    await probeBodies(attack);
    await probeSearches(attack);
    await compareVictim(attack, before);
  }],
  ["Tokens, cookies, headers and other sites", async (attack) => {
    await probeTokens(attack);
    probeCookies(attack, attack.ours.people.ADMIN.signedIn!, "POST /v1/auth/login");
    await probeHeaders(attack);
    await probeOtherSites(attack);
  }],
  ["Pages", probeScreens],
  ["Roles", probeRoles],
];

/** The other organisation's secret word must be in no answer to us, headers and refusals included. CHK-09 */
function lookFor(
  report: Report,
  secret: string,
  { who, what, answer }: { who: string; what: string; answer: Answer },
): void {
  if (!answer.text.includes(secret) && !JSON.stringify([...answer.headers]).includes(secret)) return;
  const [method = "", path = ""] = what.split(" ");
  const expected = "nothing of the other organisation";
  report.found({ method, path, role: who, expected, got: `${answer.status} with a text of theirs` });
}
