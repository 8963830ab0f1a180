import { parseArgs } from "node:util";
import type { Account } from "./person.ts";
import { ROLE_NAMES, type RoleName } from "./roles.ts";
import { CannotRun } from "./wire.ts";

export const USAGE =
  `Probes a running installation of yours for holes between organisations and between roles.

  deno task attack --url https://desk.example [--minutes 15] [--only /tickets/{id}]… [--json]

  --url      the installation
  --minutes  when to give up (15)
  --only     only the operations of this path, as /v1/openapi.json names it, without /v1; or this page
  --json     print the result as JSON

It registers two organisations. Where it can't, because registration is closed or emails are sent, it takes accounts
of two organisations made for this from ATTACK_A and ATTACK_B, each as JSON:

  {"organisation": "test-a", "ADMIN": ["a@desk.example", "password"], "MANAGER": […], "AGENT": […], "REQUESTER": […]}

It exits with 0 if nothing was found, 1 with findings, and 2 if it couldn't run.`;

export interface Options {
  url: URL;
  minutes: number;
  /** Paths; none for all. */
  only: string[];
  json: boolean;
}

/** Accounts of an organisation that exists. Whoever isn't named is invited. */
export type Accounts = { ADMIN: Account } & Partial<Record<RoleName, Account>>;

/** Reads the command line. @throws CannotRun with what is wrong; null where help is asked for */
export function readOptions(args: string[]): Options | null {
  const values = parse(args);
  if (values.help) return null;
  const url = URL.canParse(values.url ?? "") ? new URL(values.url!) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.username) {
    throw new CannotRun("Say which installation: --url https://desk.example");
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 120)) throw new CannotRun("--minutes must be a number up to 120");
  return { url, minutes, only: values.only, json: values.json };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        url: { type: "string" },
        minutes: { type: "string", default: "15" },
        only: { type: "string", multiple: true, default: [] },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new CannotRun((error as Error).message);
  }
}

/**
 * Reads the accounts of an organisation.
 *
 * @param name of the variable
 * @throws CannotRun where they aren't as they should be
 */
export function readAccounts(name: string, text: string | undefined): Accounts | undefined {
  if (!text) return undefined;
  const given = parsed(name, text);
  const { organisation } = given;
  const accounts: Partial<Record<RoleName, Account>> = {};
  for (const [role, account] of Object.entries(given)) {
    if (role === "organisation") continue;
    const isRole = ROLE_NAMES.some((one) => one === role);
    const [email, password] = Array.isArray(account) ? account : [];
    if (!isRole || typeof email !== "string" || typeof password !== "string") {
      throw new CannotRun(`${name}: "${role}" must be a role with ["address", "password"]`);
    }
    accounts[role as RoleName] = { organisation: String(organisation), email, password };
  }
  if (typeof organisation !== "string" || !accounts.ADMIN) {
    throw new CannotRun(`${name} must name an "organisation" and its "ADMIN"`);
  }
  return accounts as Accounts;
}

function parsed(name: string, text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below: the parser's message would repeat passwords.
  }
  throw new CannotRun(`${name} must be a JSON object`);
}
