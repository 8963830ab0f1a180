import { Buffer } from "node:buffer";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { launchBrowser, newPage, type Page } from "@/tests/helpers/browser.ts";
import { png } from "@/tests/helpers/files.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { ADA, post, signIn, watchProblems } from "@/tests/helpers/visit.ts";

const PHOTO = { name: "photo.png", mimeType: "image/png", buffer: Buffer.from(png(320, 240)) };
const LOG = { name: "printer.log", mimeType: "text/plain", buffer: Buffer.from("12:01 jam\n") };
const TOOL = {
  name: "tool.exe",
  mimeType: "application/octet-stream",
  buffer: Buffer.from("MZ\u0090\u0000".padEnd(300)),
};

/** Waits until the form takes files by itself: its own field is hidden then. */
async function hydrated(page: Page, form: string): Promise<void> {
  await page.locator(`${form} .upload-pick:not(.upload-plain)`).waitFor();
}

/** Drops or pastes files on an element, as the browser tells it. */
async function give(page: Page, how: "drop" | "paste", to: string): Promise<void> {
  await page.locator(to).evaluate((target, how) => {
    const files = new DataTransfer();
    files.items.add(new File([`${how} of text`], `${how}.txt`, { type: "text/plain" }));
    const options = { bubbles: true, cancelable: true };
    if (how === "drop") {
      target.dispatchEvent(new DragEvent("dragover", { ...options, dataTransfer: files }));
      if (!target.closest("form")!.classList.contains("is-dropping")) {
        throw new Error("Nothing shows the drop");
      }
    }
    target.dispatchEvent(
      how === "drop"
        ? new DragEvent("drop", { ...options, dataTransfer: files })
        : new ClipboardEvent("paste", { ...options, clipboardData: files }),
    );
  }, how);
}

const names = (page: Page, of: string) => page.locator(`${of} .file-name`).allTextContents();

Deno.test("Files: dropped, pasted, chosen, watched, cancelled and sent; and without scripts by the form alone", async (t) => {
  await using server = await startServer({ env: { LOG_LEVEL: "warn" } });
  const { accessToken } = await post(server.url, "/auth/register", ADA);
  const ticket = await post(server.url, "/tickets", { title: "Printer jams", description: "" }, accessToken);
  const browser = await launchBrowser();
  try {
    const page = await newPage(browser, { baseUrl: server.url });
    const problems = watchProblems(page);
    await signIn(page);
    await page.goto(`/tickets/${ticket.key}`);
    await hydrated(page, ".composer");

    await t.step("files that are dropped, pasted and chosen are uploaded at once, and shown", async () => {
      await give(page, "drop", ".composer");
      await give(page, "paste", ".composer textarea");
      await page.setInputFiles(".composer input[type=file]", [PHOTO, LOG, TOOL]);
      await page.locator(".composer .upload-done").nth(3).waitFor();
      await page.locator(".composer .upload-failed").waitFor();
      assertEquals(await names(page, ".composer"), [
        "drop.txt",
        "paste.txt",
        "photo.png",
        "printer.log",
        "tool.exe",
      ]);
      assert((await page.locator(".upload-error").textContent())!.includes("can't be attached"));
      const shown = await page.locator(".composer .upload img").evaluate((image: HTMLImageElement) =>
        image.decode().then(() => [image.naturalWidth, image.naturalHeight])
      );
      assertEquals(shown, [320, 240]);
    });

    await t.step("one is taken out again, and the reply brings the others", async () => {
      await page.getByRole("button", { name: "Remove tool.exe" }).click();
      await page.getByRole("button", { name: "Remove paste.txt" }).click();
      await page.locator(".composer textarea").fill("See the files");
      await page.locator(".composer").getByRole("button", { name: "Send", exact: true }).last().click();
      await page.waitForURL("**#comment-*");
      // In the order in which they arrived.
      assertEquals((await names(page, ".comment .files")).sort(), ["drop.txt", "photo.png", "printer.log"]);
    });

    await t.step("a file is downloaded under its name, a picture opens in a page of its own", async () => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator(".comment .files a", { hasText: "printer.log" }).click(),
      ]);
      assertEquals(download.suggestedFilename(), "printer.log");
      const [picture] = await Promise.all([
        page.context().waitForEvent("page"),
        page.locator(".comment .files a", { hasText: "photo.png" }).click(),
      ]);
      await picture.waitForLoadState();
      assertEquals(new URL(picture.url()).search, "?preview");
      await picture.close();
    });

    await t.step(
      "an upload shows its progress, can be cancelled, and a reply waits for one on its way",
      async () => {
        await page.goto(`/tickets/${ticket.key}`);
        await hydrated(page, ".composer");
        const cdp = await page.context().newCDPSession(page);
        const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
        await cdp.send("Network.emulateNetworkConditions", slow);
        const large = (name: string) => ({
          name,
          mimeType: "text/plain",
          buffer: Buffer.alloc(1_500_000, "a"),
        });
        await page.setInputFiles(".composer input[type=file]", [large("one.txt"), large("two.txt")]);
        await page.waitForFunction(() => {
          const bars = [...document.querySelectorAll<HTMLProgressElement>(".composer progress")];
          return bars.some(({ value, max }) => value > 0 && value < max);
        });
        await page.getByRole("button", { name: "Cancel two.txt" }).click();
        assertEquals(await names(page, ".composer"), ["one.txt"]);
        await page.locator(".composer textarea").fill("On its way");
        await page.locator(".composer").getByRole("button", { name: "Send", exact: true }).last().click();
        assert(await page.locator(".composer progress").isVisible());
        await page.waitForURL("**#comment-*", { timeout: 30_000 });
        await cdp.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
        assertEquals(
          await page.locator(".comment", { hasText: "On its way" }).locator(".file-name").allTextContents(),
          [
            "one.txt",
          ],
        );
      },
    );

    await t.step("a new ticket takes files too", async () => {
      await page.goto("/tickets/new");
      await hydrated(page, "main form");
      await page.setInputFiles("main input[type=file]", [PHOTO]);
      await page.locator("main .upload-done").waitFor();
      await page.getByLabel("Title").fill("With a picture");
      await page.getByRole("button", { name: "Create ticket" }).click();
      await page.waitForURL(/\/tickets\/INC-\d+$/);
      assertEquals(await names(page, "#comment-description"), ["photo.png"]);
      await page.getByLabel("Delete photo.png").click();
      await page.getByRole("button", { name: "Delete file" }).click();
      await page.getByText("Deleted photo.png").first().waitFor();
      assertEquals(await names(page, "#comment-description"), []);
    });
    await t.step("CHK-25 a page or drawing with a script in it is only ever downloaded", async () => {
      const script = "<script>fetch('/v1/me').then(() => document.title = 'run')</script>";
      const form = new FormData();
      form.append("file", new File([`<!doctype html><title>still</title>${script}`], "page.html"));
      form.append(
        "file",
        new File([`<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`], "drawing.svg"),
      );
      form.append("visibility", "public");
      const response = await fetch(`${server.url}/v1/tickets/${ticket.id}/attachments`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken}` },
        body: form,
      });
      for (const { id, name } of (await response.json()).items) {
        for (
          const path of [`/attachments/${id}`, `/attachments/${id}?preview`, `/v1/attachments/${id}/content`]
        ) {
          const [download, failed] = await Promise.all([
            page.waitForEvent("download"),
            page.goto(path).then(() => "", (error: Error) => error.message),
          ]);
          assertEquals(download.suggestedFilename(), name);
          assert(/download/i.test(failed), failed);
        }
      }
    });
    // The browser itself tells of each refused request.
    assertEquals(problems.filter((problem) => !problem.includes("status of 415")), []);
    await page.close();

    await t.step("without scripts the form sends its files itself", async () => {
      const plain = await newPage(browser, { baseUrl: server.url, javaScript: false });
      await signIn(plain);
      await plain.goto(`/tickets/${ticket.key}`);
      await plain.setInputFiles(".composer input[type=file]", [PHOTO, { ...LOG, name: "plain.log" }]);
      await plain.locator(".composer textarea").fill("Without scripts");
      await plain.locator(".composer").getByRole("button", { name: "Send", exact: true }).last().click();
      await plain.waitForURL("**#comment-*");
      assertEquals(
        await plain.locator(".comment", { hasText: "Without scripts" }).locator(".file-name")
          .allTextContents(),
        ["photo.png", "plain.log"],
      );
      await plain.setInputFiles(".composer input[type=file]", [TOOL]);
      await plain.locator(".composer textarea").fill("Kept text");
      await plain.locator(".composer").getByRole("button", { name: "Send", exact: true }).last().click();
      await plain.locator(".composer .field-error").waitFor();
      assertEquals(await plain.locator(".composer textarea").inputValue(), "Kept text");
      await plain.close();
    });
  } finally {
    await browser.close();
  }
});
