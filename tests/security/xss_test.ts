import { MAIL_COMPOSERS } from "@/domain/mail/templates/templates.ts";
import { renderHtml } from "@/domain/mail/render/html_part.tsx";
import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type Browser, launchBrowser, newContext, type Page } from "@/tests/helpers/browser.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { addressOf, screens } from "@/tests/helpers/screens.ts";
import { PROVIDER_SECRET } from "@/tests/helpers/provider_events.ts";
import { startResend } from "@/tests/helpers/resend.ts";
import { freePort } from "@/tests/helpers/server.ts";
import { PAYLOADS } from "@/tests/helpers/xss_payloads.ts";
import { mailPayloads } from "@/tests/helpers/xss_mails.ts";
import { bearPayloads, eachOf, SAMPLE } from "@/tests/helpers/xss_scene.ts";

/** What ran, and what could run when somebody pressed it. */
const hits: string[] = [];

/** A browser's window that tells when a payload runs. `bypass` leaves out the policy: what is left is the escaping. */
async function open(
  browser: Browser,
  { baseUrl, bypass }: { baseUrl: string; bypass: boolean },
): Promise<Page> {
  // What isn't in sight needn't be painted.
  const context = await newContext(browser, { baseUrl, bypassCsp: bypass, height: 200 });
  await context.exposeBinding(
    "hit",
    ({ frame }) => void hits.push(`ran on ${frame.name() || frame.url()}`),
  );
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      (globalThis as unknown as { broken: string[] }).broken ??= [];
      (globalThis as unknown as { broken: string[] }).broken.push(
        `${event.violatedDirective} ${event.blockedURI}`,
      );
    });
  });
  return await context.newPage();
}

/** Looks for what would run at a touch: handlers in attributes, addresses that are scripts, frames and the like. */
function wrongIn(root: Document): string[] {
  const wrong: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) wrong.push(`${element.localName} ${name}=${value}`);
      const leads = /^(href|src|action|formaction|data|srcdoc|background|xlink:href)$/i.test(name);
      // deno-lint-ignore no-control-regex -- browsers leave these out of an address
      const address = value.replaceAll(/[\x00-\x20]/g, "");
      if (leads && /^(javascript|vbscript|data):/i.test(address)) {
        wrong.push(`${element.localName} ${name}=${value}`);
      }
    }
  }
  const odd = "iframe,object,embed,base,math,marquee,video,audio,main script,main style,main meta";
  const notText = ".prose :is(svg,form,input,textarea,select,button,details,link,img)";
  for (const element of root.querySelectorAll(`${odd},${notText}`)) {
    wrong.push(element.outerHTML.slice(0, 100));
  }
  return wrong;
}

async function look(page: Page, what: string): Promise<void> {
  const found = await page.evaluate(`(${wrongIn})(document)`) as string[];
  hits.push(...found.map((one) => `${what}: ${one}`));
}

interface Shown {
  what: string;
  html: string;
}

/** Loads documents beside each other, each in a frame of its own, and looks at each. */
async function lookAtAll(page: Page, all: Shown[]): Promise<void> {
  const frames = `async (all, wrongIn) => {
    const found = all.map(({ what, html }) => new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.name = what;
      frame.onload = () => resolve([what, wrongIn(frame.contentDocument)]);
      frame.srcdoc = html;
      document.body.append(frame);
    }));
    return await Promise.all(found);
  }`;
  for (let at = 0; at < all.length; at += FRAMES) {
    await page.setContent("<body></body>");
    const some = JSON.stringify(all.slice(at, at + FRAMES));
    const found = await page.evaluate(`(${frames})(${some}, ${wrongIn})`) as [string, string[]][];
    for (const [what, wrong] of found) hits.push(...wrong.map((one) => `${what}: ${one}`));
  }
}

const FRAMES = 24;

/** The same for documents that are parsed, and not run. */
async function parseAll(page: Page, all: Shown[]): Promise<void> {
  const parse =
    "(all, wrongIn) => all.map((html) => wrongIn(new DOMParser().parseFromString(html, 'text/html')))";
  for (let at = 0; at < all.length; at += 20) {
    const some = all.slice(at, at + 20);
    const texts = JSON.stringify(some.map(({ html }) => html));
    const found = await page.evaluate(`(${parse})(${texts}, ${wrongIn})`) as string[][];
    found.forEach((wrong, i) => hits.push(...wrong.map((one) => `${some[i]!.what}: ${one}`)));
  }
}

/** A page as it comes from the server, to somebody's browser. */
async function ask(browser: PageClient, path: string, fields?: Record<string, string>): Promise<Raw> {
  const base = browser.desk.config.PUBLIC_URL;
  const response = await browser.desk.fetch(
    new Request(new URL(path, base), {
      method: fields ? "POST" : "GET",
      headers: {
        "sec-fetch-site": "same-origin",
        origin: base,
        cookie: Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join("; "),
      },
      ...(fields ? { body: new URLSearchParams(fields) } : {}),
    }),
  );
  return { path, status: response.status, html: await response.text() };
}

interface Raw {
  path: string;
  status: number;
  html: string;
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/home");
}

Deno.test("CHK-23 nothing that people write runs as a script, on any page that shows it", async (t) => {
  assert(PAYLOADS.length >= 100, `${PAYLOADS.length} payloads`);
  const port = freePort();
  await using provider = await startResend();
  await using desk = await openDesk({
    PUBLIC_URL: `http://localhost:${port}`,
    ...provider.env,
    MAIL_TRANSPORT: "console",
    RESEND_WEBHOOK_SECRET: PROVIDER_SECRET,
    INBOUND_DOMAIN: "in.example",
  });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen() {} },
    (request) => desk.fetch(request),
  );
  const admin = await desk.register("Harbour Works");
  const bearers = await bearPayloads(desk, admin);
  await mailPayloads(desk, provider, { admin, bearers });
  const client = await PageClient.signedIn(admin);
  const browser = await launchBrowser();
  const baseUrl = desk.config.PUBLIC_URL;
  try {
    const still = await open(browser, { baseUrl, bypass: true });
    const show = async (html: string, what: string) => {
      const before = hits.length;
      await still.setContent(html, { waitUntil: "load" });
      await look(still, what);
      for (let i = before; i < hits.length; i++) hits[i] = `${what}: ${hits[i]}`;
    };

    await t.step("the payloads run where nothing is escaped, and the test sees it", async () => {
      const bare = PAYLOADS.map((what) => ({ what, html: `<body><div class="prose">${what}</div>` }));
      for (const { what, html } of bare) await show(html, what);
      const seen = new Set(hits.map((hit) => PAYLOADS.find((payload) => hit.startsWith(`${payload}: `))));
      assert(seen.size >= 80, `${seen.size} payloads are seen`);
      hits.length = 0;
      await lookAtAll(still, bare.slice(0, FRAMES));
      const inFrames = PAYLOADS.filter((payload) =>
        hits.some((hit) => hit.startsWith(`${payload}: `) || hit === `ran on ${payload}`)
      );
      assert(inFrames.length >= FRAMES / 2, `${inFrames.length} payloads are seen in frames`);
      assert(hits.some((hit) => hit.startsWith("ran on ")));
      hits.length = 0;
    });

    await t.step("rendered Markdown alone", async () => {
      const rendered = PAYLOADS.map((payload) => `<div class="prose">${renderMarkdown(payload)}</div>`);
      await show(rendered.join(""), "all");
      await parseAll(still, PAYLOADS.map((what, i) => ({ what, html: `<body>${rendered[i]}` })));
      assertEquals(hits, []);
    });

    await t.step("mails", async () => {
      const mails: Shown[] = [];
      for (const payload of PAYLOADS) {
        const ticket = {
          key: payload,
          ticketId: "x",
          title: payload,
          actorName: payload,
          excerpt: payload,
          internal: false,
          forYou: false,
        };
        const facts = {
          services: desk.services,
          tenant: { id: "", name: payload, slug: "x" },
          name: payload,
          email: payload,
          invitedBy: payload,
          reader: { locale: "en", timeZone: "UTC" },
          at: "2026-01-01T00:00:00Z",
          expiresAt: "2026-01-01T00:00:00Z",
          dueAt: null,
          organisations: [],
          resets: [],
        };
        for (
          const template of ["ticket_created", "comment_added", "ticket_assigned", "ticket_resolved"] as const
        ) {
          const frame = {
            sender: payload,
            acceptsReply: true,
            unsubscribe: { url: payload, settingsUrl: payload },
          };
          mails.push({
            what: `${template} ${payload}`,
            html: renderHtml(MAIL_COMPOSERS[template](facts, ticket), frame),
          });
        }
      }
      await parseAll(still, mails);
      // Each payload in one of the templates.
      await lookAtAll(still, mails.filter((_, i) => i % 4 === Math.floor(i / 4) % 4));
      assertEquals(hits, []);
    });

    await t.step("every page of a thing that bears one, as it comes from the server", async () => {
      const pages: Shown[] = [];
      const keep = ({ html, path, status }: Raw, payload: string) => {
        if (status < 300 || status === 422) pages.push({ what: `${path} ${payload}`, html });
      };
      const paths = (await screens()).filter(({ methods, path }) => methods.has("GET") && path.includes("["));
      await eachOf(bearers, async ({ payload, values }, i) => {
        const sampled = i % SAMPLE === 0;
        for (const screen of paths) {
          const names = [...screen.path.matchAll(/\[(?:\.{3})?(\w+)\]/g)].map(([, name]) => name!);
          if (!names.every((name) => name in values)) continue;
          if (sampled || screen.path === "/tickets/[key]") {
            keep(await ask(client, addressOf(screen, values)), payload);
          }
        }
        keep(await ask(client, `/tickets/${values.mailed}`), payload);
        const href = `/tickets/${values.key}`;
        const said = { body: payload, visibility: "public" };
        // What escapes the rest is the same code for each: one of them each.
        const rest = [
          () => ask(client, `/tickets/${values.asked}`),
          () => ask(client, `${href}/composer`, { ...said, preview: "1" }),
          () => ask(client, "/tickets/new", { title: payload, description: payload, type: payload }),
          () => ask(client, `/catalog/${values.item}`),
        ];
        for (const [n, page] of rest.entries()) {
          if (sampled || i % rest.length === n) keep(await page(), payload);
        }
        if (!sampled) return;
        const typed = new URLSearchParams({ q: payload, next: payload, quote: payload });
        for (
          const path of ["/search", "/tickets", "/admin/users", "/admin/audit", "/admin/canned-replies", href]
        ) {
          keep(await ask(client, `${path}?${typed}`), payload);
        }
        keep(await ask(client, `${href}?quote=${values.comment}`), payload);
        keep(await ask(new PageClient(desk), `/sign-in?${typed}`), payload);
        keep(await ask(client, `${href}/composer`, { ...said, cannedReplyId: values.reply! }), payload);
        keep(await ask(client, `${href}/composer`, { ...said, macroId: values.macro! }), payload);
        keep(await ask(client, `${href}/edit`, { version: "x", title: payload, tags: payload }), payload);
        keep(
          await ask(client, "/admin/macros/new", { description: payload, "actions.reply": payload }),
          payload,
        );
        keep(
          await ask(client, "/admin/sla/new", { name: payload, "targets.resolution.low": payload }),
          payload,
        );
        const hours = { name: payload, "week.monday": payload, holidays: payload, timeZone: payload };
        keep(await ask(client, "/admin/calendars/new", hours), payload);
        keep(await ask(client, "/admin/canned-replies/new", { title: "", body: payload }), payload);
      }, 3);
      for (const [i, { what, html }] of pages.entries()) {
        if (i % SAMPLE === 0) await show(html, what);
      }
      await parseAll(still, pages);
      assertEquals(hits, []);
      assert(pages.length >= 400, `${pages.length} pages`);
    });

    await t.step(
      "every ticket and list in a browser with its islands, without the policy's help",
      async () => {
        const first = await open(browser, { baseUrl, bypass: true });
        await signIn(first, admin.user.email);
        const pages = [first, await first.context().newPage(), await first.context().newPage()];
        const free = [...pages];
        const visit = async (path: string, then?: (page: Page) => Promise<void>) => {
          const page = free.pop()!;
          await page.goto(path, { waitUntil: "load" });
          await then?.(page);
          await look(page, path);
          free.push(page);
        };
        await eachOf(bearers, ({ values }) => visit(`/tickets/${values.key}`), pages.length);
        // What came by mail is written by the server alone, and was parsed above: some of it is enough.
        await eachOf(
          bearers.filter((_, i) => i % 4 === 0),
          ({ values }) => visit(`/tickets/${values.mailed}`),
          pages.length,
        );
        // A download isn't shown.
        const lists = (await screens()).filter(({ methods, path }) =>
          methods.has("GET") && !path.includes("[") && !path.endsWith("/export")
        );
        const reports = ["queues", "agents", "categories", "satisfaction"].map((name) => `/reports/${name}`);
        await eachOf([...lists.map(({ path }) => path), ...reports], (path) => visit(path), pages.length);
        await eachOf(
          bearers.filter((_, i) => i % SAMPLE === 0),
          ({ values, payload }) =>
            visit(`/tickets/${values.key}`, async (page) => {
              await page.locator(".composer textarea[aria-autocomplete=list]").waitFor();
              await page.locator(".composer textarea").fill(payload);
              await page.getByRole("button", { name: "Preview" }).click();
              await page.locator(".composer-preview").waitFor();
              await page.locator("summary", { hasText: "Canned replies" }).click();
              await page.locator(".composer textarea").press("End");
              await page.locator(".composer textarea").pressSequentially(" @");
              await page.locator(".mention-option").first().waitFor();
            }),
          pages.length,
        );
        assertEquals(hits, []);
      },
    );

    await t.step("with the policy, a ticket's page breaks none of it", async () => {
      const page = await open(browser, { baseUrl, bypass: false });
      await signIn(page, admin.user.email);
      for (const { values } of bearers.filter((_, i) => i % 4 === 0)) {
        await page.goto(`/tickets/${values.key}`, { waitUntil: "load" });
        const broken = await page.evaluate(() =>
          (globalThis as unknown as { broken?: string[] }).broken ?? []
        );
        hits.push(...broken);
      }
      assertEquals(hits, []);
    });
  } finally {
    await browser.close();
    await server.shutdown();
  }
});
