import { isNamed } from "@/cli/attack/roles.ts";
import { SCREENS_OF } from "@/cli/attack/screens.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { furnish, ROLE_NAMES, type RoleName } from "@/tests/helpers/organisations.ts";
import { addressOf, placeholders, type Screen, screens } from "@/tests/helpers/screens.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const ours = await furnish(desk, "Harbour Works");
const theirs = await furnish(desk, "Other Works");
const { ADMIN } = ours.people;

const VALUES = await placeholders(ours);

const all = await screens();
const people = new Map<RoleName, PageClient>();
for (const role of ROLE_NAMES) people.set(role, await PageClient.signedIn(ours.people[role]));

/** Forms that refuse an empty one before they look at the role, and what they need to get there. */
const FIELDS: Record<string, Record<string, string>> = {
  "/tickets/[key]/assignment": { version: "1", assigneeId: "" },
  "/tickets/[key]/comments/[comment]/edit": { version: "1", body: "Tray 3" },
  "/tickets/[key]/links": { relation: "blocks", ticketId: crypto.randomUUID() },
  "/tickets/[key]/merge": { version: "1", into: crypto.randomUUID() },
  "/tickets/[key]/rating": { score: "4" },
  "/tickets/[key]/unmerge": { version: "1" },
  "/tickets/[key]/macro": { version: "1", macroId: crypto.randomUUID() },
  "/admin/canned-replies/[reply]": { version: "1" },
};

async function each(
  method: "GET" | "POST",
  fn: (screen: Screen, who: string, path: string) => Promise<void>,
) {
  for (const screen of all) {
    const who = SCREENS_OF[screen.path]?.[method];
    if (who !== undefined) await fn(screen, who, addressOf(screen, VALUES));
  }
}

Deno.test("CHK-11 the inventory names every screen with its methods, and no other", () => {
  const there = Object.fromEntries(all.map(({ path, methods }) => [path, [...methods].sort()]));
  const named = Object.fromEntries(
    Object.entries(SCREENS_OF).map(([path, methods]) => [path, Object.keys(methods).sort()]),
  );
  assertEquals(there, named);
});

Deno.test("CHK-11 each role opens the screens that the inventory gives it, and nobody else does", async () => {
  const wrong: string[] = [];
  await each("GET", async ({ path: name }, who, path) => {
    const anonymous = await new PageClient(desk).get(path);
    const asked = `/sign-in?next=${encodeURIComponent(path)}`;
    if (who !== "public" && anonymous.location !== asked) {
      wrong.push(`${name} anonymous: ${anonymous.status}`);
    }
    for (const role of ROLE_NAMES) {
      const { status } = await people.get(role)!.get(path);
      if (who === "public") {
        if (status >= 500 || status === 403) wrong.push(`${name} ${role}: ${status}`);
      } else if (isNamed(role, who) ? status !== 200 : status !== 403 && status !== 404) {
        wrong.push(`${name} ${role}: ${status}`);
      }
    }
  });
  assertEquals(wrong, []);
});

Deno.test("A link says that it is current where it is: in the navigation, tabs and views, and nowhere else", async () => {
  const wrong: string[] = [];
  let current = 0;
  await each("GET", async ({ path: name }, _who, path) => {
    for (const browser of [people.get("ADMIN")!, new PageClient(desk)]) {
      const { document } = await browser.get(path);
      for (const link of document.querySelectorAll("a[aria-current]")) {
        const said = link.getAttribute("aria-current");
        const what = `${name}: ${link.className} "${link.textContent?.trim()}" says ${said}`;
        if (said === "page" && link.matches(".nav-link, .tab, .menu-item")) current++;
        else if (said !== "false") wrong.push(what);
      }
      for (const nav of document.querySelectorAll("nav")) {
        if (nav.querySelectorAll('[aria-current="page"]').length > 1) wrong.push(`${name}: two are current`);
      }
    }
  });
  assertEquals(wrong, []);
  assert(current > 30, `${current} links are current`);
});

Deno.test("CHK-11 each role sends the forms that the inventory gives it, and nobody else does", async () => {
  const wrong: string[] = [];
  await each("POST", async ({ path: name }, who, path) => {
    if (who === "public") return;
    const fields = FIELDS[name] ?? {};
    const anonymous = await new PageClient(desk).post(path, fields);
    // Whoever isn't signed in is sent to sign in, or hears what is wrong with the form; nothing is done either way.
    if (!anonymous.location?.startsWith("/sign-in") && anonymous.status !== 422) {
      wrong.push(`${name} anonymous: ${anonymous.status}`);
    }
    for (const role of ROLE_NAMES) {
      const { status } = await people.get(role)!.post(path, fields);
      const may = isNamed(role, who);
      if (may ? status === 403 || status >= 500 : status !== 403 && status !== 404) {
        wrong.push(`${name} ${role}: ${status}`);
      }
    }
  });
  assertEquals(wrong, []);
});

Deno.test("CHK-07 pages of foreign things answer like pages of nothing", async () => {
  // A browser of its own: messages of earlier forms would stand on the first page.
  const browser = await PageClient.signedIn(ADMIN);
  const wrong: string[] = [];
  let asked = 0;
  const foreign = {
    ...VALUES,
    key: theirs.ids.ticket,
    id: theirs.ids.user,
    view: theirs.ids.view,
    saved: theirs.ids.savedReport,
    file: theirs.ids.attachment,
    queue: theirs.ids.queue,
    item: theirs.ids.item,
    category: theirs.ids.category,
    reply: theirs.ids.canned_reply,
    macro: theirs.ids.macro,
    policy: theirs.ids.slaPolicy,
    calendar: theirs.ids.calendar,
  };
  const unknown = {
    ...VALUES,
    file: crypto.randomUUID(),
    key: crypto.randomUUID(),
    id: crypto.randomUUID(),
    reply: crypto.randomUUID(),
    macro: crypto.randomUUID(),
    policy: crypto.randomUUID(),
    calendar: crypto.randomUUID(),
    view: crypto.randomUUID(),
    saved: crypto.randomUUID(),
    queue: crypto.randomUUID(),
    item: crypto.randomUUID(),
    category: crypto.randomUUID(),
  };
  for (
    const screen of all.filter(({ path }) =>
      /\[(key|id|view|saved|file|queue|item|category|reply|macro|policy|calendar)\]/.test(path)
    )
  ) {
    for (const method of screen.methods) {
      if (method === "GET" && SCREENS_OF[screen.path]!.GET === "public") continue;
      const answers: string[] = [];
      for (const values of [foreign, unknown]) {
        const path = addressOf(screen, values);
        const answer = method === "GET"
          ? await browser.get(path)
          : await browser.post(path, { version: "1", assigneeId: "", body: "x", to: "open" });
        asked++;
        const told = answer.location ? textAfter(await browser.follow(answer)) : textAfter(answer);
        answers.push(`${answer.status} ${told}`.replaceAll(values.key, "KEY").replaceAll(values.id, "ID"));
      }
      if (answers[0] !== answers[1]) wrong.push(`${method} ${screen.path}: ${answers.join(" | ")}`);
      if (!/^(404|422|303)/.test(answers[0]!)) wrong.push(`${method} ${screen.path}: ${answers[0]}`);
    }
  }
  assertEquals(wrong, []);
  assert(asked >= 16, `${asked} requests`);
});

/** The words of a page, without what is new each time. */
function textAfter({ document }: { document: Document }): string {
  const text = document.querySelector("main")?.textContent ?? "";
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replaceAll(/\s+/g, " ").trim();
}
