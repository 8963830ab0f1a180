import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { PROVIDER_SECRET, sendEvent, tellOfMail, type TestMail } from "@/tests/helpers/provider_events.ts";
import { startResend } from "@/tests/helpers/resend.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, signIn } from "@/tests/helpers/visit.ts";

Deno.test("somebody whom nobody knows writes in, is answered on the page, and answers by mail", async (t) => {
  await using provider = await startResend();
  await using server = await startServer({
    env: {
      ...provider.env,
      RESEND_WEBHOOK_SECRET: PROVIDER_SECRET,
      INBOUND_DOMAIN: "in.example",
      LOG_LEVEL: "warn",
    },
  });
  const desk = { config: { PUBLIC_URL: server.url }, fetch: (request: Request) => fetch(request) };
  const comes = (mail: TestMail) => tellOfMail(desk, provider, mail);
  const registered = await fetch(`${server.url}/v1/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ADA),
  });
  const { tenant } = await registered.json();
  const mailTo = async (address: string, words: string) => {
    for (let i = 0; i < 100; i++) {
      for (const { id, text } of provider.sent.values()) {
        const mail = JSON.parse(text);
        if (mail.to.includes(address) && mail.text.includes(words)) return { id, ...mail };
      }
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`No mail to ${address} says "${words}"`);
  };
  await using browser = await launchBrowser();
  const page = await newPage(browser, { baseUrl: server.url });
  await signIn(page, ADA.email);

  await t.step("the admin confirms their address and lets people write in", async () => {
    const { text } = await mailTo(ADA.email, "/confirm-email/");
    await page.goto(/\/confirm-email\/[\w.-]+/.exec(text)![0]);
    await page.getByRole("button", { name: "Confirm this address" }).click();
    await page.getByRole("heading", { name: "Your address is confirmed" }).waitFor();
    await page.goto("/admin/organisation");
    assertEquals(await page.getByLabel("Address for new tickets").inputValue(), `${tenant.slug}@in.example`);
    await page.getByLabel("Emails from unknown senders").selectOption("accept");
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.getByText("Settings saved").waitFor();
  });

  await t.step("a mail becomes a ticket", async () => {
    await comes({
      from: "Nora New <nora@elsewhere.example>",
      to: `${tenant.slug}@in.example`,
      subject: "My screen is black",
      text: "Since this morning.",
    });
    await mailTo("nora@elsewhere.example", "We received your request");
    await page.goto("/admin/received-mail");
    await page.getByRole("link", { name: /^INC-/ }).click();
    await page.getByRole("heading", { name: "My screen is black" }).waitFor();
    await page.locator(".by-mail").getByText("By email").waitFor();
  });

  await t.step("she is answered, and her answer to the mail comes to the ticket", async () => {
    await page.locator("textarea[name=body]").fill("Is the cable in?");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Is the cable in?").waitFor();
    const mail = await mailTo("nora@elsewhere.example", "Is the cable in?");
    await comes({
      from: "Nora New <nora@elsewhere.example>",
      to: mail.reply_to,
      subject: `Re: ${mail.subject}`,
      text: "It is now. Thank you!\n\nOn Mon, 3 Nov 2026 at 10:00, Desk wrote:\n> Is the cable in?",
    });
    for (let i = 0; i < 50 && await page.getByText("It is now. Thank you!").count() === 0; i++) {
      await page.waitForTimeout(100);
      await page.reload();
    }
    const quoted = page.locator(".comment-quoted pre");
    assert(!await quoted.isVisible());
    await page.getByText("Show quoted text").click();
    await quoted.getByText("> Is the cable in?").waitFor();
  });

  await t.step("an address that mails come back from gets none until an admin allows it again", async () => {
    const { id } = await mailTo("nora@elsewhere.example", "Is the cable in?");
    const bounce = { type: "Permanent", subType: "General", message: "550 No such user" };
    const event = { type: "email.bounced", data: { email_id: id, to: ["nora@elsewhere.example"], bounce } };
    assertEquals((await sendEvent(desk, event)).status, 204);
    await page.goto("/admin/suppressed-addresses");
    await page.getByText("550 No such user").waitFor();
    await page.getByRole("button", { name: "Allow emails to nora@elsewhere.example again" }).click();
    await page.getByText("Emails are sent to nora@elsewhere.example again").waitFor();
    await page.getByText("No suppressed addresses").waitFor();
  });
});
