import { fill } from "./fill.ts";
import type { Accounts } from "./options.ts";
import { type Account, Person, said } from "./person.ts";
import { ROLE_NAMES, type RoleName } from "./roles.ts";
import type { Ids } from "./things.ts";
import { CannotRun, type Wire } from "./wire.ts";

/** An organisation to attack from, or to attack. */
export interface Organisation {
  slug: string;
  people: Record<RoleName, Person>;
  /** "" for what could not be made. */
  ids: Ids;
  /** People who were invited, to be deactivated. */
  invited: Person[];
  /** Locations of what was made, and by whom. */
  created: Map<string, Person>;
  /** Whether it was registered for this. */
  isNew: boolean;
}

export interface Opening {
  /** "A" or "B"; names the variable, too. */
  letter: "A" | "B";
  accounts: Accounts | undefined;
  /** Before each role in the report. */
  prefix: string;
  /** Behind every name and text. */
  suffix: string;
  /** Part of addresses and names, so that runs don't meet. */
  run: string;
}

/** An organisation in which nobody has signed in yet. */
export function newOrganisation(wire: Wire, { accounts, prefix }: Opening): Organisation {
  const created: Organisation["created"] = new Map();
  const people = Object.fromEntries(ROLE_NAMES.map((role) => {
    const person = new Person(wire, prefix + role);
    person.onCreated = (location) => created.set(location.replace(/^\/v1/, ""), person);
    return [role, person];
  })) as Organisation["people"];
  return { slug: "", people, ids: {} as Ids, invited: [], created, isNew: !accounts };
}

/** Registers or enters the organisation and signs its people in. @throws CannotRun with what to do instead */
export async function enter(organisation: Organisation, opening: Opening): Promise<void> {
  const { people, invited } = organisation;
  const { accounts } = opening;
  if (accounts) await people.ADMIN.signIn(accounts.ADMIN);
  else await register(people.ADMIN, opening);
  organisation.slug = people.ADMIN.account!.organisation;
  for (const role of ROLE_NAMES) {
    if (role === "ADMIN") continue;
    const account = accounts?.[role];
    if (account) await people[role].signIn(account);
    else {
      await invite(people, role, opening);
      invited.push(people[role]);
    }
  }
}

/** Makes one of everything in it. @returns what /v1 could not make */
export async function fillOrganisation(
  organisation: Organisation,
  { run, suffix }: Opening,
): Promise<string[]> {
  const { people } = organisation;
  // By a sub-address, should emails be sent: no stranger hears of it.
  const invitee = people.ADMIN.user.email.replace("@", `+attack-${run}@`);
  organisation.ids = { ...await fill(people, { invitee, suffix }), suppressed: "" };
  if (organisation.ids.invitation === "") {
    throw new CannotRun(`"${people.ADMIN.user.email}" can't invite: confirm its address first`);
  }
  return Object.entries(organisation.ids).filter(([, id]) => !id).map(([kind]) => kind);
}

/** Nobody's (RFC 2606). */
function domainOf(letter: string, run: string): string {
  return `attack-${letter.toLowerCase()}-${run}.example`;
}

function newPassword(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({ alphabet: "base64url" });
}

async function register(admin: Person, { letter, suffix, run }: Opening): Promise<void> {
  const account = { email: `admin@${domainOf(letter, run)}`, password: newPassword() };
  const organisation = `Attack ${letter}${suffix}`;
  const answer = await admin.post("/auth/register", { ...account, organisation, name: `Ada Admin${suffix}` });
  if (answer.status !== 201) {
    throw new CannotRun(
      `An organisation can't be registered (${said(answer)}). Name two in ATTACK_A and ATTACK_B: see --help`,
    );
  }
  admin.become(answer, { ...account, organisation: answer.body.tenant.slug });
}

async function invite(
  { ADMIN, ...people }: Record<RoleName, Person>,
  role: Exclude<RoleName, "ADMIN">,
  { letter, suffix, run }: Opening,
): Promise<void> {
  const name = `Pat ${role[0]}${role.slice(1).toLowerCase()}${suffix}`;
  const email = `${role.toLowerCase()}@${domainOf(letter, run)}`;
  const invited = await ADMIN.post("/invitations", { email, name, role });
  const link = invited.body?.acceptUrl;
  if (invited.status !== 201 || typeof link !== "string") {
    throw new CannotRun(
      `Nobody can be invited without an email (${
        invited.status === 201 ? "it sends emails" : said(invited)
      }). ` +
        `Name an account of each role in ATTACK_${letter}: see --help`,
    );
  }
  const account: Account = { organisation: ADMIN.account!.organisation, email, password: newPassword() };
  const token = new URL(link).pathname.split("/").pop();
  const { password } = account;
  const accepted = await people[role].post("/auth/invitations/accept", { token, name, password });
  if (accepted.status !== 201) throw new CannotRun(`An invitation can't be accepted: ${said(accepted)}`);
  people[role].become(accepted, account);
}
