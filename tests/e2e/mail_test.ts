import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { type SmtpServer, startSmtp, type Taken } from "@/tests/helpers/smtp.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";
import { PASSWORD } from "@/tests/helpers/desk.ts";

/** The mail to somebody whose subject has `words` in it, once the server took it. */
async function mailTo(smtp: SmtpServer, email: string, words: RegExp): Promise<Taken> {
  for (let tries = 0; tries < 400; tries++) {
    const found = smtp.taken.find(({ to, raw }) =>
      to[0] === email && words.test(/^Subject: (.*)$/m.exec(raw)![1]!)
    );
    if (found) return found;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(
    `No mail to ${email} of ${words}: ${smtp.taken.map(({ raw }) => /^Subject:.*$/m.exec(raw))}`,
  );
}

/** The path of a link in a mail's text. */
function linkIn({ raw }: Taken, folder: string): string {
  const found = new RegExp(`(/${folder}/[\\w.-]+)`).exec(raw.replaceAll("=\r\n", ""));
  assert(found, raw);
  return found[1]!;
}

Deno.test("a desk with a mail server: an address is confirmed, a person invited, and their e-mails turned off", async () => {
  await using smtp = await startSmtp();
  await using server = await startServer({ env: { ...smtp.env, SIGNUP: "open" } });
  await post(server.url, "/auth/register", ADA);
  await using browser = await launchBrowser();
  const page = await newPage(browser, { baseUrl: server.url });
  const problems = watchProblems(page);
  await signIn(page);

  const confirmation = await mailTo(smtp, ADA.email, /^Confirm your email address/);
  assert(/^From: ServiceHub <desk@mail\.example>\r$/m.test(confirmation.raw), confirmation.raw);
  await page.goto("/admin/users/invitations");
  await page.getByText(`confirm that ${ADA.email} is your address`).waitFor();
  await page.goto(linkIn(confirmation, "confirm-email"));
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await page.getByRole("heading", { name: "Your address is confirmed" }).waitFor();

  await page.goto("/admin/users/invitations");
  assertEquals(await page.getByText("is your address").count(), 0);
  await page.getByLabel("Email").fill("ana@harbour.example");
  await page.locator("#invite button").last().click();
  const invitation = await mailTo(smtp, "ana@harbour.example", /^Ada Admin invited you/);
  assertEquals(await page.getByText("accept-invitation").count(), 0);

  const hers = await newPage(browser, { baseUrl: server.url });
  await hers.goto(linkIn(invitation, "accept-invitation"));
  await hers.getByLabel("Your name").fill("Ana Silva");
  await hers.getByLabel("Password").fill(PASSWORD);
  await hers.getByRole("button", { name: "Join" }).click();
  await hers.waitForURL("**/home");
  await hers.goto("/tickets/new");
  await hers.getByLabel("Title").fill("Printer smokes");
  await hers.getByRole("button", { name: "Create ticket" }).click();
  await hers.waitForURL("**/tickets/INC-*");
  const receipt = await mailTo(smtp, "ana@harbour.example", /Printer smokes/);
  assert(/^Auto-Submitted: auto-generated\r$/m.test(receipt.raw), receipt.raw);

  // From the mail, in a browser that knows nobody.
  const nobody = await newPage(browser, { baseUrl: server.url, width: 360, height: 780 });
  await nobody.goto(linkIn(receipt, "unsubscribe"));
  await nobody.getByRole("button", { name: "Turn them off" }).click();
  await nobody.getByRole("heading", { name: "These emails are off" }).waitFor();
  await hers.goto("/profile");
  const box = hers.locator("[name='notifications.ticket_created.email'][type=checkbox]");
  assertEquals(await box.isChecked(), false);
  assertEquals(problems, []);
});
