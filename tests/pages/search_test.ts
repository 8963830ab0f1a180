import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { openScene, raise } from "@/tests/helpers/ticket_scene.ts";

Deno.test("the search page", async (t) => {
  await using scene = await openScene();
  const { agent, admin, requester, stranger } = scene;
  const printer = await raise(requester, {
    title: "Printer <b>jams</b>",
    description: "The tray of the **printer** is empty <script>alert(1)</script>",
  });
  await agent.post(`/tickets/${printer.id}/comments`, {
    body: "A kingfisher of a note",
    visibility: "internal",
  });
  await raise(stranger, { title: "Nothing prints", description: "" });
  const browser = await PageClient.signedIn(agent);
  const texts = (document: Document, selector: string) =>
    [...document.querySelectorAll(selector)].map((node) => node.textContent!.trim());

  await t.step("works without scripts, from the box of every page", async () => {
    const home = await browser.get("/home");
    const results = await browser.submit(home, ".topbar form.search", { q: "printer" });
    assertEquals([results.status, results.path], [200, "/search?q=printer"]);
    assertEquals(texts(results.document, "main .found-title"), ["Printer <b>jams</b>"]);
    assertEquals(texts(results.document, "main .found-title mark"), ["Printer"]);
    assertEquals(texts(results.document, "main .found-snippet mark"), ["printer"]);
    assert(!results.html.includes("<script>alert(1)"));
    assertEquals((results.document.querySelector("main input[name=q]") as HTMLInputElement).value, "printer");
    const link = results.document.querySelector(".found-more a")!.getAttribute("href")!;
    const list = await browser.get(link);
    assertEquals(texts(list.document, ".ticket-key"), [printer.key]);
  });

  await t.step("asks for something first, and says what to do where nothing is found", async () => {
    for (const path of ["/search", "/search?q=", "/search?q=%20"]) {
      const { status, document } = await browser.get(path);
      assertEquals([status, texts(document, "main .empty h2")], [200, ["What are you looking for?"]]);
    }
    const none = await browser.get("/search?q=zebra");
    assertEquals(texts(none.document, "main .empty h2"), ["Nothing found for “zebra”"]);
    assert(none.document.querySelector("main .empty a[href='/tickets/new']"));
  });

  await t.step("refuses what can't be searched for, and keeps it", async () => {
    for (const q of ["a%00b", "x".repeat(201)]) {
      const { status, document } = await browser.get(`/search?q=${q}`);
      assertEquals(status, 422);
      assertEquals(document.querySelectorAll("main .banner, main [role=alert]").length > 0, true);
    }
    const odd = await browser.get(`/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
    assertEquals(odd.status, 200);
    const scripts = Array.from(odd.document.querySelectorAll("script"), ({ textContent }) => textContent);
    assertEquals(scripts.filter((script) => script.startsWith("alert(1)")), []);
  });

  await t.step("people lead admins to their page, staff to their tickets; requesters see none", async () => {
    const linkOf = async (who: PageClient) =>
      (await who.get("/search?q=rob")).document.querySelector(".found-person a")?.getAttribute("href");
    assertEquals(await linkOf(await PageClient.signedIn(admin)), `/admin/users/${requester.user.id}`);
    const href = (await linkOf(browser))!;
    assertEquals(texts((await browser.get(href)).document, ".ticket-key"), [printer.key]);
    const own = await PageClient.signedIn(requester);
    assertEquals(await linkOf(own), undefined);
    assertEquals(texts((await own.get("/search?q=prints")).document, ".found"), []);
    const secret = await own.get("/search?q=kingfisher");
    assertEquals(texts(secret.document, ".found"), []);
    const mine = await own.get("/search?q=printer");
    assert(!mine.html.includes("A kingfisher"));
    assertEquals(texts((await browser.get("/search?q=kingfisher")).document, ".found-snippet mark"), [
      "kingfisher",
    ]);
  });
});
