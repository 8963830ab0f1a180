/** Pages: every role, and nobody, at every one, and those of another organisation's things. CHK-07, 11 */
import { type Attack, inLanes, unknownLike } from "./attack.ts";
import { type Browser, openBrowser } from "./browser.ts";
import type { Organisation } from "./organisation.ts";
import { AMPLE_MINUTES, isNamed, ROLE_NAMES } from "./roles.ts";
import { addressOf, SCREENS_OF } from "./screens.ts";
import type { Answer } from "./wire.ts";

/** What stands in brackets. */
async function valuesOf({ people, ids }: Organisation): Promise<Record<string, string>> {
  return {
    key: (await people.ADMIN.get(`/tickets/${ids.ticket}`)).body?.key ?? "",
    id: ids.user,
    view: ids.view,
    saved: ids.savedReport,
    queue: ids.queue,
    report: "volume",
    item: ids.item,
    category: ids.category,
    comment: ids.comment,
    reply: ids.canned_reply,
    macro: ids.macro,
    policy: ids.slaPolicy,
    calendar: ids.calendar,
    endpoint: ids.webhook,
    delivery: ids.delivery,
    file: ids.attachment,
  };
}

const EDIT_COMMENT = "/tickets/[key]/comments/[comment]/edit";

/** Screens that need somebody signed in, for whose brackets there are values, with who may open them. */
function screensWith({ only }: Attack, values: Record<string, string>): { path: string; who: string }[] {
  return Object.entries(SCREENS_OF).flatMap(([path, { GET: who }]) => {
    if (only.length > 0 && !only.includes(path)) return [];
    const isThere = [...path.matchAll(/\[(\w+)\]/g)].every(([, name]) => values[name!]);
    return who && who !== "public" && isThere ? [{ path, who }] : [];
  });
}

function leadsToSignIn({ status, headers }: Answer): boolean {
  return status >= 300 && status < 400 && /\/sign-in\b/.test(headers.get("location") ?? "");
}

/** An installation of another version may lack a page. */
function fault(may: boolean, answer: Answer): string | null {
  if (!may) return answer.status === 403 || answer.status === 404 ? null : "403 or 404";
  const isRefused = answer.status === 401 || answer.status === 403 || leadsToSignIn(answer);
  return isRefused || answer.status >= 500 ? "the page" : null;
}

export async function probeScreens(attack: Attack): Promise<void> {
  const { report, ours, nobody: { wire } } = attack;
  const browsers = await Promise.all(ROLE_NAMES.map((role) => openBrowser(ours.people[role])));
  const [requester, agent, manager, admin] = browsers;
  if (!requester || !agent || !manager || !admin) {
    report.skipped.push("pages: no session cookie from /sign-in");
    return;
  }
  const byRole = { REQUESTER: requester, AGENT: agent, MANAGER: manager, ADMIN: admin };
  const values = await valuesOf(ours);
  const { commentEditMinutes = 0 } = (await ours.people.ADMIN.get("/tenant")).body ?? {};
  await inLanes(screensWith(attack, values), async ({ path, who }) => {
    const address = addressOf({ path }, values);
    const asked = { method: "GET", path };
    const anonymous = await wire.send("GET", address, "nobody", { headers: { accept: "text/html" } });
    const isRefused = leadsToSignIn(anonymous) || anonymous.status === 404;
    report.probe({ ...asked, role: "nobody" }, isRefused ? null : "to be sent to sign in", anonymous);
    if (path === EDIT_COMMENT && commentEditMinutes < AMPLE_MINUTES) return;
    for (const role of ROLE_NAMES) {
      const answer = await byRole[role].get(address);
      report.probe({ ...asked, role }, fault(isNamed(role, who), answer), { ...answer, text: "" });
    }
  });
  await probeForeign(attack, admin, values);
  for (const browser of browsers) await browser?.signOut();
}

/** What a page says, without what is new each time. */
function wordsOf({ status, headers, text }: Answer): string {
  const main = /<main\b[\s\S]*<\/main>/.exec(text)?.[0] ?? text;
  const steady = main.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replaceAll(/[0-9a-f]{32}/g, "NONCE");
  return [status, headers.get("location"), steady].join("\n");
}

/** Of each place in turn, with our own things in the others. */
async function probeForeign(
  attack: Attack,
  admin: Browser,
  values: Record<string, string>,
): Promise<void> {
  const { report, theirs } = attack;
  // A key means another ticket in each organisation.
  const foreign: Record<string, string> = { ...await valuesOf(theirs), key: theirs.ids.ticket };
  const asked = screensWith(attack, values).filter(({ who }) => isNamed("ADMIN", who)).flatMap(({ path }) =>
    [...path.matchAll(/\[(\w+)\]/g)].map(([, name]) => ({ path, name: name! }))
  );
  // What every organisation has by the same name, such as a report, is nobody's.
  const isForeign = (name: string) => foreign[name] && foreign[name] !== values[name];
  await inLanes(asked.filter(({ name }) => isForeign(name)), async ({ path, name }) => {
    const id = foreign[name]!;
    const theirPage = await admin.get(addressOf({ path }, { ...values, [name]: id }));
    const noPage = await admin.get(addressOf({ path }, { ...values, [name]: unknownLike(id) }));
    const isAlike = wordsOf(theirPage) === wordsOf(noPage) && theirPage.status >= 300;
    report.probe(
      { method: "GET", path: `${path} (${name})`, role: "ADMIN" },
      isAlike ? null : `the same for another organisation's id as for an unknown one (${noPage.status})`,
      { ...theirPage, text: "" },
    );
  });
}
