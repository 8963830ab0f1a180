import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldError, fieldValue, PageClient, textOf } from "@/tests/helpers/browser_client.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";

const desk = await openDesk();
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());

const FIRST = {
  organisation: "Harbour Works",
  name: "Ada Admin",
  email: "ada@harbour.example",
  password: PASSWORD,
};

Deno.test("The landing page of an empty desk leads to making an organisation", async () => {
  const page = await new PageClient(desk).get("/");
  assertEquals(page.status, 200);
  assert(page.document.querySelector('.hero-actions a[href="/register"]'));
});

Deno.test("Registering with something wrong is 422 with every value but the password kept", async () => {
  const browser = new PageClient(desk);
  const page = await browser.submit(await browser.get("/register"), "form", {
    ...FIRST,
    email: "nobody",
    password: "short",
  });
  assertEquals(page.status, 422);
  assertEquals([fieldValue(page, "organisation"), fieldValue(page, "email")], ["Harbour Works", "nobody"]);
  assertEquals(fieldValue(page, "password"), "");
  assertEquals(fieldError(page, "email"), "Must be an email address");
  const weak = await browser.submit(page, "form", { ...FIRST, password: "password1234" });
  assertEquals(weak.status, 422);
  assert(fieldError(weak, "password") !== "");
  assertEquals(await desk.look("select 1 from tenants"), []);
});

Deno.test("Registering well signs in and leads home; signing out ends the session", async () => {
  const browser = new PageClient(desk);
  const done = await browser.submit(await browser.get("/register"), "form", FIRST);
  assertEquals([done.status, done.location], [303, "/home"]);
  const home = await browser.follow(done);
  assertEquals(home.status, 200);
  assertEquals(textOf(home, "h1"), "Hello, Ada");
  const session = browser.cookies.get("session")!;
  const out = await browser.post("/sign-out");
  assertEquals([out.status, out.location], [303, "/sign-in"]);
  browser.cookies.set("session", session);
  assertEquals((await browser.get("/home")).location, "/sign-in?next=%2Fhome");
});

Deno.test("Signing in wrongly is 401 with the address kept; rightly it leads to where one wanted to go", async () => {
  const browser = new PageClient(desk);
  const form = await browser.get("/sign-in?next=/tickets?status=open");
  const wrong = await browser.submit(form, "form", { email: FIRST.email, password: "not the one" });
  assertEquals(wrong.status, 401);
  assertEquals(fieldValue(wrong, "email"), FIRST.email);
  assertEquals(fieldValue(wrong, "next"), "/tickets?status=open");
  assert(textOf(wrong, ".form-errors").includes("wrong"));
  const right = await browser.submit(wrong, "form", { email: FIRST.email, password: PASSWORD });
  assertEquals([right.status, right.location], [303, "/tickets?status=open"]);
});

Deno.test("An address to go to after signing in never leads away from the desk", async () => {
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    const browser = new PageClient(desk);
    const done = await browser.post("/sign-in", { email: FIRST.email, password: PASSWORD, next });
    assertEquals([next, done.status, done.location], [next, 303, "/home"]);
  }
});

Deno.test("An address in any script is escaped, never an error after signing in", async () => {
  const cases = [
    ["/tickets?q=Лифт#书", "/tickets?q=%D0%9B%D0%B8%D1%84%D1%82#%E4%B9%A6"],
    ["/.//evil.example", "/home"],
    ["/a/..//evil.example", "/home"],
  ];
  for (const [next, location] of cases) {
    const done = await new PageClient(desk).post("/sign-in", {
      email: FIRST.email,
      password: PASSWORD,
      next: next!,
    });
    assertEquals([done.status, done.location], [303, location!]);
  }
});

Deno.test("Forgotten passwords and organisations get the same answer whoever asks", async () => {
  for (const path of ["/forgot-password", "/find-organisation"]) {
    const texts = [];
    for (const email of [FIRST.email, "nobody@harbour.example"]) {
      const browser = new PageClient(desk);
      const done = await browser.submit(await browser.get(path), "form", { email });
      assertEquals([done.status, done.location], [303, path]);
      texts.push(textOf(await browser.follow(done), "main"));
    }
    assertEquals(texts[0], texts[1]);
    const browser = new PageClient(desk);
    const bad = await browser.submit(await browser.get(path), "form", { email: "no address" });
    assertEquals([bad.status, fieldValue(bad, "email")], [422, "no address"]);
  }
});

Deno.test("A link that can't be used says so with 404", async () => {
  for (const path of ["/reset-password/x.y.z", "/accept-invitation/x.y.z"]) {
    const page = await new PageClient(desk).get(path);
    assertEquals(page.status, 404);
    assert(textOf(page, "h1").includes("can't be used"));
  }
});

Deno.test("With several organisations the one has to be named, and its own page names it", async () => {
  await desk.register("Other Works");
  const browser = new PageClient(desk);
  const unnamed = await browser.submit(await browser.get("/sign-in"), "form", {
    email: FIRST.email,
    password: PASSWORD,
  });
  assertEquals(unnamed.status, 422);
  assert(fieldError(unnamed, "organisation") !== "");
  const named = await browser.get("/o/harbour-works/sign-in");
  assertEquals(fieldValue(named, "organisation"), "harbour-works");
  const done = await browser.submit(named, "form", { email: FIRST.email, password: PASSWORD });
  assertEquals([done.status, done.location], [303, "/home"]);
});

Deno.test("What nobody knows is 404 with the request id", async () => {
  const page = await new PageClient(desk).get("/nothing/here");
  assertEquals(page.status, 404);
  assertEquals(textOf(page, ".error-ref code"), page.headers.get("x-request-id"));
});
