import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { isGenuine, openReceiver } from "@/tests/helpers/receiver.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

Deno.test("an admin connects a program, sees what arrived and what didn't, and sends it again", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn", ALLOW_PRIVATE_WEBHOOKS: "on" } });
  await using receiver = openReceiver();
  const { accessToken: token } = await post(server.url, "/auth/register", ADA);
  await using browser = await launchBrowser();
  const page = await newPage(browser, { baseUrl: server.url });
  const problems = watchProblems(page);
  await signIn(page);
  let secret = "";
  const arrived = async (count: number) => {
    for (let waited = 0; receiver.received.length < count && waited < 100; waited++) {
      await new Promise((done) => setTimeout(done, 50));
    }
    assertEquals(receiver.received.length, count);
  };

  // The receiver has a message before its answer is written down.
  const delivered = async () => {
    const text = page.getByText("Delivered", { exact: true });
    for (let tries = 0; tries < 50 && !(await text.isVisible()); tries++) {
      await page.waitForTimeout(100);
      await page.reload();
    }
    await text.waitFor();
  };

  await t.step(
    "made by the keyboard alone; the events to choose from show when they are wanted",
    async () => {
      await page.goto("/admin/webhooks");
      await page.getByRole("link", { name: "Add endpoint" }).click();
      await page.locator("[name=url]:focus").waitFor();
      await page.keyboard.type(receiver.url);
      await page.keyboard.press("Tab");
      await page.keyboard.type("Team chat");
      await page.keyboard.press("Tab");
      assertEquals(await page.getByLabel("Ticket created").isVisible(), false);
      await page.keyboard.press("ArrowRight");
      await page.getByLabel("Ticket created").waitFor();
      for (let i = 0; i < 11; i++) {
        if (i === 0) await page.keyboard.press("Tab");
        const at = await page.evaluate(() => (document.activeElement as HTMLInputElement).value);
        if (at === "ticket.created") break;
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Endpoint created" }).waitFor();
      secret = await page.getByLabel("Copy it now").inputValue();
      await page.getByRole("link", { name: "Go to the endpoint" }).click();
      await page.getByText("Nothing sent yet").waitFor();
    },
  );

  await t.step("a test arrives, signed", async () => {
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.getByRole("heading", { name: "Attempts" }).waitFor();
    await arrived(1);
    assert(isGenuine(secret, receiver.received[0]!));
    assertEquals(receiver.received[0]!.body.type, "webhook.test");
    await delivered();
  });

  await t.step(
    "a ticket arrives within two seconds of its making; one that is refused is sent again by hand",
    async () => {
      const began = performance.now();
      await post(server.url, "/tickets", { title: "VPN is slow", description: "" }, token);
      await arrived(2);
      const took = performance.now() - began;
      assert(took < 2_000, `${took} ms`);
      // With a time to wait, so that the message isn't tried again before it is sent by hand.
      receiver.answer = () =>
        new Response("down for repairs", { status: 503, headers: { "retry-after": "600" } });
      await post(server.url, "/tickets", { title: "VPN is down", description: "" }, token);
      await arrived(3);
      receiver.answer = () => new Response("thanks");
      await page.goto("/admin/webhooks");
      await page.getByRole("link", { name: receiver.url }).click();
      await page.getByRole("link", { name: "Retrying" }).click();
      await page.locator("tbody").getByRole("link", { name: "Ticket created" }).click();
      await page.getByText("down for repairs").waitFor();
      await page.getByRole("button", { name: "Send now" }).click();
      await page.getByText("Redelivery queued").waitFor();
      await arrived(4);
      assertEquals(receiver.received[3]!.text, receiver.received[2]!.text);
      await delivered();
    },
  );

  await t.step("nothing is wider than a phone, and no script fails", async () => {
    const narrow = await newPage(browser, {
      baseUrl: server.url,
      width: 360,
      height: 740,
      colorScheme: "dark",
    });
    await signIn(narrow);
    const here = new URL(page.url()).pathname;
    const endpoint = here.split("/deliveries/")[0]!;
    for (
      const path of [
        "/admin/webhooks",
        "/admin/webhooks/new",
        endpoint,
        `${endpoint}/edit`,
        `${endpoint}/secret`,
        here,
      ]
    ) {
      await narrow.goto(path);
      const over = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(over <= 0, `${path}: ${over} px too wide`);
    }
    assertEquals(problems, []);
  });
});
