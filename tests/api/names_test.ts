import { withoutUnseen } from "@/domain/text.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { fieldValue, PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";

const MARKS = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"];
const UNSEEN = [
  ...MARKS,
  "\u200e",
  "\u200f",
  "\u061c",
  "\u200b",
  "\u200c",
  "\u200d",
  "\u2060",
  "\ufeff",
  "\u00ad",
]
  .concat("\u034f", "\u180e", "\u3164", "\ufe0f", "\u{e0061}");

Deno.test("names keep what belongs to a word, and lose whatever doesn't show", () => {
  const kept = [
    "Bea Kowalczyk",
    "Łukasz O’Neill-Ünal",
    "علی‌رضا",
    "क्‍ष",
    "ശ്രീ‌ലക്ഷ്മി",
    "דָּוִד",
    "Team ❤️",
    "👩‍🔧 Crew",
    "渡邊",
  ];
  for (const name of kept) assertEquals(withoutUnseen(name), name);
  for (const char of UNSEEN) assertEquals(withoutUnseen(`Bea${char} Kowalczyk`), "Bea Kowalczyk");
});

Deno.test("names with marks that turn text, or don't show, are refused wherever somebody is named", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const browser = await PageClient.signedIn(admin);
  const { version } = (await admin.get("/me")).body;
  const invited = await admin.post("/invitations", { email: "new@works.example", role: "AGENT" });
  const token = new URL(invited.body.acceptUrl).pathname.split("/").pop()!;
  for (const char of UNSEEN) {
    const name = `Bea${char} Kowalczyk`;
    const what = `U+${char.codePointAt(0)!.toString(16)}`;
    const refusals = [
      await admin.patch("/me", { version, name }),
      await admin.post("/invitations", { email: "x@works.example", role: "AGENT", name }),
      await desk.client().post("/auth/invitations/accept", { token, name, password: PASSWORD }),
      await desk.client().post("/auth/register", {
        organisation: `Works${char} B`,
        name,
        email: "y@works.example",
        password: PASSWORD,
      }),
    ];
    for (const { status, body } of refusals) {
      assertEquals([what, status], [what, 422]);
      assert(body.errors.some((e: { path: string }) => e.path === "name"), what);
    }
  }
  const page = await browser.post("/profile", { version: String(version), name: "Bea\u202e" });
  assertEquals(page.status, 422);
  assert(/invisible characters/.test(page.html));
  assertEquals((await admin.get("/me")).body.name, "Ada Admin");
});

Deno.test("a title, tag or queue can't turn the words beside it, and no page shows a mark that does", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const browser = await PageClient.signedIn(admin);
  const turned = `Invoice ${MARKS.join("")}\u200ffdp.exe`;
  const ticket = await admin.post("/tickets", {
    title: turned,
    description: turned,
    tags: [`a${MARKS[4]}b`],
  });
  assertEquals(ticket.body.title, "Invoice fdp.exe");
  assertEquals(ticket.body.tags, ["ab"]);
  // What people write stays as they wrote it.
  assertEquals(ticket.body.description, turned);
  assertEquals((await admin.post("/queues", { name: `Net${MARKS[4]}work` })).body.name, "Network");
  await admin.post(`/tickets/${ticket.body.id}/comments`, { visibility: "public", body: turned });
  // As it may stand there from before.
  await desk.look("update tickets set title = $1", [turned]);
  await desk.look("update users set name = $1", [`Ada ${MARKS[4]}nimda`]);
  for (const path of ["/tickets", `/tickets/${ticket.body.key}`, "/home", "/admin/users", "/profile"]) {
    const { html, status, headers } = await browser.get(path);
    assertEquals([path, status], [path, 200]);
    // The box of a form is shown apart, and sends back what is in it.
    const around = html.replaceAll(/<textarea[^<]*<\/textarea>|(<input[^>]*) value="[^"]*"/g, "$1");
    assert(!/[\u202a-\u202e\u2066-\u2069]/.test(around), path);
    assert(/'nonce-/.test(headers.get("content-security-policy")!), path);
  }
});

Deno.test("a form loses no mark of the text that it edits", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const browser = await PageClient.signedIn(admin);
  const text = "\u2067שלום (VPN) \u2066v2.1\u2069!\u2069\nעוד שורה \u202bאב\u202c";
  const ticket = (await admin.post("/tickets", { title: "Left alone", description: text })).body;
  const href = `/tickets/${ticket.key}`;
  const comment =
    (await admin.post(`/tickets/${ticket.id}/comments`, { visibility: "public", body: text })).body;
  const reply = (await admin.post("/canned-replies", { title: "Hello", body: text })).body;

  const edit = await browser.get(`${href}/edit`);
  assertEquals((await browser.submit(edit, "form.form", { title: "Renamed" })).status, 303);
  const { title, description } = (await admin.get(`/tickets/${ticket.id}`)).body;
  assertEquals([title, description], ["Renamed", text]);

  const said = await browser.get(`${href}/comments/${comment.id}/edit`);
  assertEquals(fieldValue(said, "body"), text);
  const canned = await browser.get(`/admin/canned-replies/${reply.id}`);
  const renamed = await browser.submit(canned, "form#reply", { title: "Greeting" });
  assertEquals(renamed.status, 303);
  const { body } = await admin.get(`/canned-replies/${reply.id}`);
  assertEquals([body.title, body.body], ["Greeting", text]);
  // A form that was refused shows what was typed, all of it.
  const refused = await browser.submit(await browser.get(`${href}/edit`), "form.form", { title: " " });
  assertEquals([refused.status, fieldValue(refused, "description")], [422, text]);
});

Deno.test("staff see the address beside a name that another active person has too, in any case, width or spacing", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const bea = await admin.invite("AGENT", "Bea Kowalczyk");
  const daniel = await admin.invite("REQUESTER", "Daniel Duarte");
  const raised = await daniel.post("/tickets", { title: "Printer jams", description: "" });
  const { id, key } = raised.body;
  await daniel.post(`/tickets/${id}/comments`, { visibility: "public", body: "Please give me her password" });
  await bea.put(`/tickets/${id}/assignment`, { assigneeId: bea.user.id, version: raised.body.version });
  const staff = await PageClient.signedIn(admin);
  const assignee = await PageClient.signedIn(bea);
  const requester = await PageClient.signedIn(daniel);
  const pages = async () =>
    [await staff.get(`/tickets/${key}`), await requester.get(`/tickets/${key}`)] as const;
  const shown = (html: string) => [daniel, bea].map(({ user }) => html.includes(user.email));
  // His own address is in his own page.
  assertEquals((await pages()).map(({ html }) => shown(html)), [[false, false], [true, false]]);
  const rename = async (name: string) => {
    const { version } = (await daniel.get("/me")).body;
    assertEquals((await daniel.patch("/me", { version, name })).status, 200);
  };
  for (const name of ["Bea Kowalczyk", "BEA  kowalczyk", "Ｂｅａ Kowalczyk", "Bea\u00a0Kowalczyk"]) {
    await rename(name);
    const [page, own] = await pages();
    assertEquals([name, ...shown(page.html)], [name, true, true]);
    assert(page.html.includes(`${name} (${daniel.user.email})`) || page.html.includes(daniel.user.email));
    const heads = [...page.document.querySelectorAll(".comment-head")].map((head) => head.textContent ?? "");
    assert(heads.every((head) => head.includes(daniel.user.email)), heads.join(" | "));
    for (const [path, who] of [["/tickets", staff], ["/home", assignee]] as const) {
      const cells = [...(await who.get(path)).document.querySelectorAll("td.c-requester")];
      assertEquals([path, cells[0]?.textContent], [path, `${name}${daniel.user.email}`]);
    }
    assertEquals(shown(own.html), [true, false]);
  }
  await rename("Daniel Duarte");
  assertEquals(shown((await pages())[0].html), [false, false]);
  const second = await admin.invite("AGENT", "Carl Kowalczyk");
  const { version } = (await second.get("/me")).body;
  await second.patch("/me", { version, name: "bea kowalczyk" });
  const options = [...(await pages())[0].document.querySelectorAll("[name=assigneeId] option")].map((one) =>
    one.textContent
  );
  assert(options.includes(`Bea Kowalczyk (${bea.user.email})`), options.join());
  assert(options.includes(`bea kowalczyk (${second.user.email})`), options.join());
});
