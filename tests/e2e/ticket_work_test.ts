import { assertEquals } from "@/tests/helpers/assert.ts";
import { type Browser, launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { PASSWORD } from "@/tests/helpers/desk.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

async function enter(browser: Browser, url: string, email: string, problems: string[]): Promise<Page> {
  const page = await newPage(browser, { baseUrl: url });
  watchProblems(page, problems);
  await signIn(page, email);
  return page;
}

Deno.test("An agent gathers duplicates: watches, links, merges, undoes it; the requester rates the work", async () => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn", SIGNUP: "open" } });
  const { url } = server;
  const admin = await post(url, "/auth/register", ADA);
  const invited = await post(url, "/invitations", {
    email: "rob@harbour.example",
    name: "Rob Requester",
    role: "REQUESTER",
  }, admin.accessToken);
  const rob = await post(url, "/auth/invitations/accept", {
    token: invited.acceptUrl.split("/").pop(),
    name: "Rob Requester",
    password: PASSWORD,
  });
  const raise = (title: string) => post(url, "/tickets", { title, description: "" }, rob.accessToken);
  const [first, second, third] = [
    await raise("VPN is down"),
    await raise("No VPN again"),
    await raise("Slow VPN"),
  ];
  await post(
    url,
    `/tickets/${second.id}/comments`,
    { visibility: "public", body: "Since noon" },
    rob.accessToken,
  );
  const problems: string[] = [];
  const browser = await launchBrowser();
  try {
    const ada = await enter(browser, url, "ada@harbour.example", problems);
    await ada.goto(`/tickets/${first.key}`);
    await ada.getByRole("button", { name: "Watch", exact: true }).click();
    await ada.getByText(`You now watch ${first.key}`).waitFor();
    await ada.getByRole("button", { name: "Unwatch" }).waitFor();

    // Words of a title suggest the ticket; its key is what is sent.
    await ada.getByText("Link a ticket").click();
    await ada.getByLabel(`${first.key} …`).selectOption("is blocked by");
    await ada.getByLabel("Ticket", { exact: true }).pressSequentially("slow");
    await ada.locator(`#link-tickets option[value="${third.key}"]`).waitFor({ state: "attached" });
    await ada.getByLabel("Ticket", { exact: true }).fill(third.key);
    await ada.keyboard.press("Enter");
    await ada.getByText(`${first.key} is blocked by ${third.key}`).first().waitFor();
    await ada.getByText("Resolve…").click();
    await ada.getByLabel("Resolution note").fill("Fixed");
    await ada.getByRole("button", { name: "Resolve", exact: true }).click();
    await ada.getByText(`Blocking ticket ${third.key}`).waitFor();
    await ada.goto(`/tickets/${first.key}`);
    await ada.getByRole("button", { name: `Unlink ${third.key}` }).click();
    await ada.getByText("Link removed").waitFor();

    await ada.goto(`/tickets/${second.key}`);
    await ada.getByRole("link", { name: "Merge…" }).click();
    await ada.getByRole("link", { name: first.key }).click();
    await ada.getByText("and 1 comment go to").waitFor();
    await ada.getByRole("button", { name: `Merge into ${first.key}` }).click();
    await ada.waitForURL(`**/tickets/${first.key}`);
    await ada.getByText("Since noon").waitFor();
    await ada.goto(`/tickets/${second.key}`);
    await ada.waitForURL(`**/tickets/${first.key}`);
    await ada.getByRole("button", { name: `Undo the merge of ${second.key}` }).click();
    await ada.waitForURL(`**/tickets/${second.key}`);
    await ada.getByText("Since noon").waitFor();

    await ada.goto(`/tickets/${first.key}`);
    await ada.getByText("Add tags").click();
    await ada.getByLabel("Tags", { exact: true }).fill("VPN, home office");
    await ada.keyboard.press("Enter");
    await ada.getByRole("link", { name: "home office" }).click();
    await ada.waitForURL("**/tickets?tag=home*");
    assertEquals(await ada.locator("tbody tr").count(), 1);
    await ada.goto(`/tickets/${first.key}`);
    await ada.getByText("Resolve…").click();
    await ada.getByLabel("Resolution note").fill("Fixed");
    await ada.getByRole("button", { name: "Resolve", exact: true }).click();
    await ada.getByText(`${first.key} is now Resolved`).waitFor();

    const page = await enter(browser, url, "rob@harbour.example", problems);
    await page.goto(`/tickets/${first.key}`);
    // By keyboard: the first star has the focus, arrows choose.
    await page.locator("#f-score").focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    await page.getByLabel("What went well").fill("Quick");
    await page.getByRole("button", { name: "Send rating" }).click();
    await page.getByText("4 of 5, good").waitFor();
    await page.getByText("Change it").click();
    await page.getByTitle("Excellent").click();
    await page.getByRole("button", { name: "Change rating" }).click();
    await page.getByText("5 of 5, excellent").waitFor();
    await ada.reload();
    await ada.getByText("5 of 5, excellent").first().waitFor();
    // What was refused on purpose is all that a console tells of.
    assertEquals(problems.filter((text) => !text.includes("422")), []);
  } finally {
    await browser.close();
  }
});
