/** V1 and V3: texts made to be slow. The sweep over all fields is in `text_sweep_test.ts`. */
import type { Fonts } from "@/domain/reports/export/pdf/fonts.ts";
import { writable } from "@/domain/reports/export/pdf/text.ts";
import { changeDraft, conditionsFor, readDraft, toDefinition } from "@/domain/catalog/draft.ts";
import { cleanName } from "@/domain/attachments/names.ts";
import { isTooLong, normalizePassword } from "@/domain/auth/passwords.ts";
import { parseMail } from "@/domain/mail/inbound/parse_mail.ts";
import { slugOf } from "@/domain/organisations/registration/slugs.ts";
import { folded } from "@/domain/search/folding.ts";
import { parseQuery } from "@/domain/search/query.ts";
import { boundBody, boundMarks } from "@/domain/shared/marks.ts";
import { contentDisposition } from "@/edge/download.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PageClient } from "@/tests/helpers/browser_client.ts";
import { cpuTime } from "@/tests/helpers/cpu_time.ts";
import { openDesk, PASSWORD } from "@/tests/helpers/desk.ts";
import { threadTimeOf } from "@/tests/helpers/thread_time.ts";

/** Marks in the wrong order: normalizing moves each past all before it. */
const marks = (count: number) => "\u0301\u0327".repeat(count / 2);
/** 500 kB as UTF-8. */
const HUGE = `a${marks(250_000)}`;
const longestRun = (text: string) =>
  Math.max(0, ...(text.match(/[\p{M}\uff9e\uff9f]+/gu) ?? []).map((run) => run.length));

Deno.test("V1 a password of 500 kB of marks is refused by its length: sign-in, registration, reset, acceptance and change, by API and page", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const browser = await PageClient.signedIn(admin);
  const invited = await admin.post("/invitations", { email: "new@works.example", role: "AGENT" });
  const token = new URL(invited.body.acceptUrl).pathname.split("/").pop()!;
  const who = { email: admin.user.email, organisation: admin.tenant.slug };
  const newcomer = { organisation: "Marks", name: "Mara Mark", email: "mara@marks.example" };
  const wrong: string[] = [];
  let isFirst = true;
  const check = async (what: string, ask: () => Promise<{ status: number; text: string }>) => {
    const { result, ms } = await threadTimeOf(ask);
    if (result.status !== 422 || !/at most 1024 bytes/.test(result.text)) {
      wrong.push(`${what}: ${result.status} ${result.text.slice(0, 300)}`);
    }
    if (ms > 100 && !isFirst) wrong.push(`${what}: ${Math.round(ms)} ms`);
    if (result.text.length > 100_000) wrong.push(`${what}: ${result.text.length} characters come back`);
  };
  // The first only loads and compiles what answers.
  for (const password of ["x".repeat(1025), HUGE, `a${marks(60_000)}`, "x".repeat(500_000)]) {
    isFirst = password.length === 1025;
    const api = (path: string, body: object) => () => desk.client().post(path, body);
    await check("login", api("/auth/login", { ...who, password }));
    await check("register", api("/auth/register", { ...newcomer, password }));
    await check("reset", api("/auth/password/reset", { token, password }));
    await check("accept", api("/auth/invitations/accept", { token, name: "New Person", password }));
    const changes = { currentPassword: PASSWORD, newPassword: password };
    await check("change", () => admin.patch("/me/password", changes));
    await check(
      "current",
      () => admin.patch("/me/password", { currentPassword: password, newPassword: "x" }),
    );
    // Marks are six bytes each in such a form, which may have 512 KiB.
    const typed = password.slice(0, 80_000);
    const page = (client: PageClient, path: string, fields: Record<string, string>) => async () => {
      const { status, html } = await client.post(path, fields);
      return { status, text: html };
    };
    const stranger = new PageClient(desk);
    await check("sign-in page", page(stranger, "/sign-in", { ...who, password: typed }));
    await check("register page", page(stranger, "/register", { ...newcomer, password: typed }));
    await check("reset page", page(stranger, `/reset-password/${token}`, { password: typed }));
    const accepting = { name: "New Person", password: typed };
    await check("accept page", page(stranger, `/accept-invitation/${token}`, accepting));
    const changing = { currentPassword: PASSWORD, newPassword: typed };
    await check("change page", page(browser, "/profile/password", changing));
    await check("multipart", async () => {
      const { status, html } = await stranger.postFiles("/sign-in", [], { ...who, password: typed });
      return { status, text: html };
    });
  }
  assertEquals(wrong, []);
});

Deno.test("V1 at most 30 marks stand in a row, whatever stands between them unseen; other text stays", () => {
  const kept = [
    "",
    "Größe, Łódź, Đà Nẵng, עִבְרִית, हिन्दी, ภาษาไทย, བསྐྱོད, é",
    "👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️",
    `a${marks(30)}b${marks(30)}`,
    "\u200b".repeat(1000),
    "half \ud800 a pair",
  ];
  for (const text of kept) assertEquals(boundMarks(text), text);
  assertEquals(boundMarks(`a${marks(1000)}b${marks(32)}`), `a${marks(30)}b${marks(30)}`);
  const between = ["\u200b", "\u00ad", "\u034f", "\u2060", "\ufe0f", "\u{e0101}", "\u{e0041}"];
  for (const unseen of between) {
    const bounded = boundMarks(`a${`\u0301\u0327${unseen}`.repeat(1000)} b`);
    assert(
      longestRun(bounded.replaceAll(/[\p{Cf}\p{DI}]/gu, "")) <= 30,
      `U+${unseen.codePointAt(0)!.toString(16)}`,
    );
    assert(bounded.endsWith(" b"));
  }
  for (const mark of ["\u0301", "\u1dc4", "\u20d0", "\uff9e", "\u{1d165}", "\u0344", "\u0f73"]) {
    assert(longestRun(boundMarks(`ｶ${mark.repeat(1000)}`).normalize("NFKD")) <= 90, mark);
  }
  const body = boundBody({
    title: `a${marks(60)}`,
    fields: [{ label: `b${marks(60)}` }],
    answers: { password: `c${marks(60)}`, [`k${marks(60)}`]: 1 },
    password: `d${marks(60)}`,
    half: "\ud800",
    count: 3,
  });
  assertEquals(body, {
    title: `a${marks(30)}`,
    fields: [{ label: `b${marks(30)}` }],
    answers: { password: `c${marks(30)}`, [`k${marks(30)}`]: 1 },
    password: `d${marks(60)}`,
    half: "\ufffd",
    count: 3,
  });
});

Deno.test("V1 every way in bounds marks: JSON with and without escapes, forms, files, addresses", async () => {
  await using desk = await openDesk();
  const admin = await desk.register("Harbour Works");
  const browser = await PageClient.signedIn(admin);
  const text = `a${marks(180)}`;
  const bounded = `a${marks(30)}`.normalize("NFC");
  const same = (given: string) => assertEquals(given.normalize("NFC"), bounded);
  const ticket = await admin.post("/tickets", { title: text, description: text });
  same(ticket.body.title);
  same(ticket.body.description);
  const escaped = JSON.stringify({ title: text, description: "" }).replaceAll(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  same((await admin.post("/tickets", escaped)).body.title);
  const typed = await browser.post("/tickets/new", { title: text, description: text });
  same((await admin.get(typed.location!)).body.title);
  const sent = await browser.postFiles("/tickets/new", [{ name: `${text}.txt`, content: "x" }], {
    title: text,
    description: "",
  });
  assertEquals(sent.status, 303);
  const made = (await admin.get(sent.location!)).body;
  same(made.title);
  const files = (await admin.get(`/tickets/${made.id}/attachments`)).body.items;
  same(files[0].name.replace(".txt", ""));
  const page = await browser.get(`/search?q=${encodeURIComponent(text)}`);
  same(page.document.querySelector("main [name=q]")!.getAttribute("value")!);
  assertEquals((await admin.get(`/search?q=${encodeURIComponent(text)}`)).status, 200);
  assertEquals((await admin.get(`/tickets/${encodeURIComponent(text)}`)).status, 404);
});

Deno.test("V1 a form editor with a thousand questions and half a megabyte of marks answers in no time", () => {
  const values: Record<string, string> = {};
  for (let i = 0; i < 1000; i++) values[`fields.${i}.label`] = "Same";
  values["fields.0.label"] = HUGE;
  values["fields.1.type"] = "choice";
  values["fields.1.options"] = "x\n".repeat(100_000) + "y".repeat(100_000);
  assert(
    cpuTime(() => {
      const fields = toDefinition(changeDraft(readDraft(values), "add"));
      for (let at = 0; at < fields.length; at++) conditionsFor(fields, at);
    }) < 100,
  );
  assert(toDefinition(readDraft(values)).length > 40, "too many are still refused");
});

/** Each file that normalizes, and what it does with half a megabyte: one more has to show that it is bounded. */
const NORMALIZERS: Record<string, (text: string) => unknown> = {
  "domain/auth/passwords.ts": (text) => isTooLong(text) || normalizePassword(text),
  "domain/attachments/names.ts": cleanName,
  "domain/catalog/draft.ts": (label) => toDefinition(readDraft({ "fields.0.label": label })),
  // Behind the bound, and of names that are at most 120 and 200 characters.
  "domain/organisations/registration/slugs.ts": (text) => slugOf(boundMarks(text).slice(0, 120)),
  "edge/download.ts": (text) => contentDisposition("inline", cleanName(text)),
  "domain/search/query.ts": (text) => parseQuery(boundMarks(text).slice(0, 200)),
  "domain/search/folding.ts": (text) => folded(boundMarks(text)),
  // Of names and ratings, which are at most 2,000 characters.
  "domain/reports/export/pdf/text.ts": (text) => writable(boundMarks(text).slice(0, 2_000), FONTS, new Set()),
  "domain/reports/export/pdf/paper.ts": (text) => boundMarks(text).slice(0, 2_000).normalize("NFC"),
  // Its own people.
  "cli/demo/people.ts": () => {},
};

/** That have every character. */
const FONTS = {
  regular: { hasGlyphForCodePoint: () => true },
  bold: { hasGlyphForCodePoint: () => true },
} as unknown as Fonts;

Deno.test("V1 whatever normalizes text has a bound before it", async () => {
  const found: string[] = [];
  const walk = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(`../../${folder}`, import.meta.url))) {
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      else if (/\.tsx?$/.test(name)) {
        const text = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
        if (/\.normalize\(/.test(text)) found.push(path);
      }
    }
  };
  const folders = "adapters api browser cli components db domain edge islands jobs live pages routes".split(
    " ",
  );
  for (const folder of folders) await walk(folder);
  assertEquals(found.sort(), Object.keys(NORMALIZERS).sort());
  const texts = [HUGE, marks(500_000), "\uff9e\u0301".repeat(250_000), "\ufdfa".repeat(160_000)];
  for (const [path, run] of Object.entries(NORMALIZERS)) {
    for (const text of texts) {
      const ms = cpuTime(() => run(text));
      assert(ms < 100, `${path}: ${ms} ms`);
    }
  }
});

Deno.test("V3 an email of file names, name and subject of marks is read in no time, and stays whole but for them", async () => {
  const name = `=?utf-8?B?${btoa(unescape(encodeURIComponent(`a${marks(20_000)}.txt`)))}?=`;
  const part = (i: number) =>
    `--x\r\nContent-Type: text/plain; name="${i}"\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nfile ${i}\r\n`;
  const mail = new TextEncoder().encode(
    `From: ${name} <ana@works.example>\r\nSubject: ${name}\r\nMIME-Version: 1.0\r\n` +
      `Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n` +
      `Hello ${marks(100_000)}, the end\r\n${[1, 2, 3, 4].map(part).join("")}--x--\r\n`,
  );
  await parseMail(new TextEncoder().encode("From: a@b.example\r\n\r\nx"));
  const { result: read, ms } = await threadTimeOf(() => parseMail(mail));
  assert(ms < 300, `${ms} ms`);
  assertEquals(read.text.trim(), `Hello ${marks(30)}, the end`);
  assertEquals(
    read.files.map(({ content }) => new TextDecoder().decode(content).trim()),
    [1, 2, 3, 4].map((i) => `file ${i}`),
  );
  for (const text of [read.subject, read.fromName, ...read.files.map((file) => file.name)]) {
    assert(longestRun(text) <= 31 && text.length <= 1000, text.slice(0, 100));
  }
  assertEquals(read.from, "ana@works.example");
});

Deno.test("V3 a file's name keeps its beginning and its extension, however long it is and whatever folders it names", () => {
  assertEquals(cleanName(`${"folder/".repeat(100_000)}report.pdf`), "report.pdf");
  const long = cleanName(`Report ${"x".repeat(500_000)}.pdf`);
  assert(long.startsWith("Report xxx") && long.endsWith(".pdf") && long.length === 200, long);
  assertEquals(cleanName(`a${marks(90_000)}.pdf`), `${`a${marks(30)}`.normalize("NFC")}.pdf`);
  for (
    const text of [
      HUGE,
      "/".repeat(500_000),
      ". ".repeat(250_000),
      "\u202e".repeat(500_000),
      "\ufdfa".repeat(160_000),
    ]
  ) {
    assert(cpuTime(() => cleanName(text)) < 20, text.slice(0, 3));
  }
});
