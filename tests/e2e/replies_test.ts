import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newContext, newPage, type Page } from "@/tests/helpers/browser.ts";
import { PASSWORD } from "@/tests/helpers/desk.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, signIn, watchProblems } from "@/tests/helpers/visit.ts";

async function api(url: string, path: string, { body, token }: { body?: unknown; token?: string }) {
  const response = await fetch(`${url}/v1${path}`, {
    method: body ? "POST" : "GET",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function join(url: string, token: string, { role, name }: { role: string; name: string }) {
  const email = `${name.split(" ")[0]!.toLowerCase()}@harbour.example`;
  const { acceptUrl } = await api(url, "/invitations", { body: { email, name, role }, token });
  const accept = { token: acceptUrl.split("/").pop(), name, password: PASSWORD };
  return (await api(url, "/auth/invitations/accept", { body: accept })).accessToken as string;
}

/** Opens a ticket and waits until its reply box is alive. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator(".composer textarea[aria-autocomplete=list]").waitFor();
}

Deno.test("Replies: calling people, canned replies, macros, quotes, drafts and edits in a browser", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn", RATE_LIMIT_SCALE: "1000" } });
  const { url } = server;
  const { accessToken: token } = await api(url, "/auth/register", {
    body: ADA,
  });
  await join(url, token, { role: "AGENT", name: "Emi Tanaka" });
  await join(url, token, { role: "REQUESTER", name: "Emira Said" });
  const rob = await join(url, token, { role: "REQUESTER", name: "Rob Requester" });
  for (const title of ["Screenshot", "Hours", "Thanks", "Parts", "Password", "Goodbye"]) {
    const body = `${title} for {{requester.firstName}} in {{ticket.key}}`;
    await api(url, "/canned-replies", { body: { title, body, shared: true }, token });
  }
  const actions = {
    status: "pending",
    reason: "requester",
    reply: "Hello {{requester.name}}",
    replyVisibility: "public",
    assigneeId: "me",
  };
  await api(url, "/macros", { body: { name: "Ask and wait", actions }, token });
  const ticket = await api(url, "/tickets", {
    body: { title: "Printer jams", description: "Tray **2**\nagain" },
    token: rob,
  });
  const href = `/tickets/${ticket.key}`;
  const said = async () => (await api(url, `${href}/comments`, { token })).items.at(-1);
  const browser = await launchBrowser();
  try {
    // Several windows of one browser share what it keeps.
    const context = await newContext(browser, { baseUrl: url });
    const page = await context.newPage();
    const problems = watchProblems(page);
    await signIn(page, "ada@harbour.example");
    const box = page.locator(".composer textarea");
    const list = page.getByRole("listbox", { name: "People to mention" });

    await t.step("a name is completed by the keyboard, and who may not read it is marked", async () => {
      await open(page, href);
      await box.pressSequentially("Hello @emi");
      await list.waitFor();
      assertEquals(
        await list.getByRole("option").allInnerTexts().then((all) => all.map((one) => one.split("\n")[0])),
        [
          "Emi Tanaka",
          "Emira Said",
        ],
      );
      assert((await list.getByRole("option").nth(1).innerText()).includes("can’t read this"));
      await box.press("ArrowDown");
      await box.press("ArrowUp");
      await box.press("Enter");
      assertEquals(await box.inputValue(), "Hello @Emi Tanaka ");
      await box.pressSequentially("and @em");
      await list.waitFor();
      await box.press("Escape");
      await list.waitFor({ state: "hidden" });
      await box.press("Control+Enter");
      await page.waitForURL(/#comment-/);
      assertEquals((await said()).mentions.map(({ name }: { name: string }) => name), ["Emi Tanaka"]);
      assertEquals(await page.locator(".comment-body .mention").innerText(), "@Emi Tanaka");
    });

    await t.step("a canned reply is found by its words and filled in where the caret is", async () => {
      await open(page, href);
      await box.fill("Good morning");
      await page.locator("summary", { hasText: "Canned replies" }).click();
      await page.getByRole("searchbox", { name: "Filter canned replies" }).fill("screen");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() =>
        document.querySelector<HTMLTextAreaElement>(".composer textarea")!.value.includes("Screenshot")
      );
      assertEquals(await box.inputValue(), `Good morning\n\nScreenshot for Rob in ${ticket.key}`);
      assert(page.url().endsWith(href));
    });

    await t.step("a preview shows it without leaving the page, until one types on", async () => {
      await box.fill("**Bold** @Emira Said");
      await page.getByRole("button", { name: "Preview" }).click();
      const preview = page.locator(".composer-preview");
      await preview.locator("strong", { hasText: "Bold" }).waitFor();
      assert((await preview.innerText()).includes("Emira Said"));
      await box.press("x");
      await preview.waitFor({ state: "hidden" });
    });

    await t.step("a quote goes behind what was typed; that of a note makes a note", async () => {
      await box.fill("Look:");
      await page.getByRole("link", { name: "Quote Rob Requester" }).click();
      await page.waitForFunction(() =>
        document.querySelector<HTMLTextAreaElement>(".composer textarea")!.value.includes(">")
      );
      assertEquals(await box.inputValue(), "Look:\n\n> Tray **2**\n> again\n\n");
      await api(url, `${href}/comments`, { body: { body: "psst", visibility: "internal" }, token });
      await box.fill("");
      await page.waitForTimeout(400);
      await open(page, href);
      await page.getByRole("link", { name: "Quote Ada Admin" }).last().click();
      await page.waitForFunction(() =>
        document.querySelector<HTMLTextAreaElement>(".composer textarea")!.value.includes("> psst")
      );
      assertEquals(await page.locator("input[name=visibility]:checked").inputValue(), "internal");
    });

    await t.step(
      "reply and note have drafts of their own, which survive a reload and reach other windows",
      async () => {
        await open(page, href);
        const kind = (label: string) => page.locator(".composer .segment", { hasText: label });
        assertEquals((await box.inputValue()).trim(), "> psst");
        await box.fill("A note");
        await page.waitForTimeout(400);
        await kind("Public reply").click();
        assertEquals(await box.inputValue(), "A note");
        await box.fill("A reply");
        await page.waitForTimeout(400);
        await kind("Internal note").click();
        assertEquals(await box.inputValue(), "A reply");
        await box.fill("Another note");
        await page.waitForTimeout(400);
        await kind("Public reply").click();
        await box.fill("A reply");
        await page.waitForTimeout(400);
        const other = await context.newPage();
        await open(other, href);
        await other.getByText("Draft restored").waitFor();
        assertEquals(await other.locator(".composer textarea").inputValue(), "A reply");
        await box.fill("A longer reply");
        await other.waitForFunction(() =>
          document.querySelector<HTMLTextAreaElement>(".composer textarea")!.value === "A longer reply"
        );
        await other.close();
        await page.reload();
        await page.getByText("Draft restored").waitFor();
        assertEquals(await box.inputValue(), "A longer reply");
        await box.press("Control+Enter");
        await page.waitForURL(/#comment-/);
        await page.waitForFunction(() => !JSON.stringify(localStorage).includes("A longer reply"));
      },
    );

    await t.step("a macro shows what it would do, and does it", async () => {
      await open(page, href);
      await page.locator("summary", { hasText: "Macros" }).click();
      await page.getByRole("button", { name: "Ask and wait" }).click();
      const card = page.getByRole("region", { name: "Macro" });
      await card.waitFor();
      assert((await card.innerText()).includes("Hello Rob Requester"));
      await card.getByRole("button", { name: "Apply macro" }).click();
      await page.getByText("Macro “Ask and wait” applied").waitFor();
      assertEquals((await said()).body, "Hello Rob Requester");
      assertEquals((await api(url, href, { token })).status, "pending");
    });

    await t.step("what was said is mended, and what it said before is a link away", async () => {
      await page.getByRole("link", { name: "Edit your comment" }).last().click();
      await page.getByLabel("Text").fill("Hello Rob, and good morning");
      await page.getByRole("button", { name: "Save" }).click();
      await page.waitForURL(/#comment-/);
      const comment = page.locator(".comment", { hasText: "Hello Rob, and good morning" });
      await comment.getByRole("link", { name: "edited" }).click();
      await page.getByRole("heading", { name: "Earlier versions" }).waitFor();
      assertEquals(await page.locator(".comment-body").allInnerTexts(), [
        "Hello Rob, and good morning",
        "Hello Rob Requester",
      ]);
    });

    await t.step("without scripts a canned reply is put in by the form", async () => {
      const plain = await newPage(browser, { baseUrl: url, javaScript: false });
      await signIn(plain, "ada@harbour.example");
      await plain.goto(href);
      await plain.locator(".composer textarea").fill("Dear Rob");
      await plain.locator("summary", { hasText: "Canned replies" }).click();
      await plain.getByRole("button", { name: "Thanks" }).click();
      await plain.waitForURL("**/composer#reply");
      assertEquals(
        await plain.locator(".composer textarea").inputValue(),
        `Dear Rob\n\nThanks for Rob in ${ticket.key}`,
      );
      await plain.locator(".composer").getByRole("button", { name: "Send" }).click();
      await plain.waitForURL(/#comment-/);
      assertEquals((await said()).body, `Dear Rob\n\nThanks for Rob in ${ticket.key}`);
    });

    await t.step("nothing in the page broke the policy or failed", () => assertEquals(problems, []));
  } finally {
    await browser.close();
  }
});
