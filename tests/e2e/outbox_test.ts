import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage } from "@/tests/helpers/browser.ts";
import { startResend } from "@/tests/helpers/resend.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";
import { until } from "@/tests/process/support.ts";

Deno.test("An admin sees which mails the provider refused and why, and sends them again", async (t) => {
  await using resend = await startResend();
  await using server = await startServer({ env: { ...resend.env, LOG_LEVEL: "error" } });
  const { accessToken: token } = await post(server.url, "/auth/register", ADA);
  // The mail that confirms her address.
  await until(() => resend.sent.size === 1, 10_000);
  const [mail] = [...resend.sent.values()];
  const path = /\/confirm-email\/[\w.-]+/.exec(JSON.parse(mail!.text).text)![0];
  const confirmed = await fetch(server.url + path, {
    method: "POST",
    headers: { origin: server.url, "sec-fetch-site": "same-origin" },
    body: new URLSearchParams(),
  });
  assertEquals([confirmed.status, (await confirmed.text()).includes("Your address is confirmed")], [
    200,
    true,
  ]);
  const refused = { status: 422, body: { name: "validation_error", message: "The domain is not verified" } };
  resend.moods.push(refused, refused, refused);
  for (const title of ["Printer jams", "Scanner hums", "Screen flickers"]) {
    await post(server.url, "/tickets", { title, description: "Since today" }, token);
  }
  const dead = async () => {
    const response = await fetch(`${server.url}/v1/outbox/stats`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.json()).byState.failed.count;
  };
  await until(async () => await dead() === 3, 10_000);
  await using browser = await launchBrowser();
  const page = await newPage(browser, { baseUrl: server.url });
  const problems = watchProblems(page);
  await signIn(page);
  const tab = (name: string) => page.getByRole("navigation", { name: "Messages by state" }).getByText(name);
  const rows = page.locator("tbody tr");

  await t.step(
    "from the administration to what failed, with the provider's words and the ticket",
    async () => {
      await page.goto("/admin");
      await page.getByRole("main").getByRole("link", { name: "Outbox" }).click();
      await page.waitForURL("**/admin/outbox");
      assertEquals(await rows.count(), 3);
      const first = await rows.first().innerText();
      for (
        const text of [
          ADA.email,
          "Ticket received",
          "INC-1003",
          "The domain is not verified",
          "after 1 attempt",
        ]
      ) {
        assert(first.includes(text), `${text} in ${first}`);
      }
      assert(!first.includes("Screen flickers") && !first.includes("Since today"));
    },
  );

  await t.step("one is retried, by the keyboard, and arrives", async () => {
    await rows.first().getByRole("button", { name: `Retry the message to ${ADA.email}` }).focus();
    await page.keyboard.press("Enter");
    await page.getByText(`Sending the message to ${ADA.email} again`).waitFor();
    await until(() => resend.sent.size === 2, 10_000);
    await page.goto("/admin/outbox?state=failed");
    assertEquals(await rows.count(), 2);
  });

  await t.step("all the others as well; then nothing has failed, and the page says so", async () => {
    await page.getByRole("button", { name: "Retry all failed" }).click();
    await page.getByText("Retrying 2 messages").waitFor();
    await until(() => resend.sent.size === 4, 10_000);
    await page.goto("/admin/outbox?state=failed");
    await page.getByRole("heading", { name: "No failed messages" }).waitFor();
    assertEquals(await page.getByRole("button", { name: "Retry all failed" }).count(), 0);
    await tab("Done").click();
    assertEquals(await rows.count(), 4);
    assertEquals(await rows.first().locator(".badge").innerText(), "Sent");
  });

  await t.step("who retried stands in the audit log; the page fits a phone", async () => {
    await page.goto("/admin/audit");
    await page.locator(".audit-what", { hasText: "Message: retried" }).first().waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto("/admin/outbox?state=sent");
    assertEquals(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  });
  assertEquals(problems, []);
});
