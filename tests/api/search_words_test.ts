/** What people paste and half remember finds the ticket, in the search and in the list. */
import { indexSearch } from "@/jobs/index_search.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import type { Client } from "@/tests/helpers/client.ts";
import { NEVER } from "@/tests/helpers/jobs.ts";
import { assertProblem, openScene, raise } from "@/tests/helpers/ticket_scene.ts";

interface Hit {
  key: string;
  title: { text: string; ranges: { start: number; end: number }[] };
  snippet: { text: string; ranges: { start: number; end: number }[] } | null;
  matchedIn: string;
}

async function find(client: Client, q: string): Promise<Hit[]> {
  const answer = await client.get(`/search?q=${encodeURIComponent(q)}`);
  assertEquals([answer.status, answer.text.slice(0, 300 * Number(answer.status !== 200))], [200, ""]);
  return answer.body.tickets;
}

/** Keys that the search finds, in order. The list must find the same. */
async function found(client: Client, q: string): Promise<string[]> {
  const keys = (await find(client, q)).map(({ key }) => key);
  const { status, body } = await client.get(`/tickets?q=${encodeURIComponent(q)}`);
  assertEquals(status, 200);
  const listed = body.items.map(({ key }: { key: string }) => key);
  assertEquals([q, listed.sort()], [q, [...keys].sort()]);
  return keys;
}

Deno.test("a ticket is found by its key as people paste it, and by its requester's address", async (t) => {
  await using scene = await openScene();
  const { admin, agent, other } = scene;
  const rita = await admin.invite("REQUESTER", "Rita Brandt");
  const move = (email: string) =>
    scene.desk.look("update users set email = $2 where id = $1", [rita.user.id, email]);
  await move("rita@customer.example");
  const ticket = await raise(rita, { title: "Scanner beeps", description: "Tray 2" });
  await raise(agent, { title: "Scanner is slow", description: "All day" });
  await raise(other, { title: "Scanner beeps", description: "Tray 2" });
  const { number } = ticket;
  const first = [
    `INC-${number}`,
    `inc-${number}`,
    `[INC-${number}]`,
    `(inc-${number}),`,
    `Re: [INC-${number}] Scanner beeps`,
    `AW: WG: [INC-${number}] Scanner beeps`,
    `INC ${number}`,
    `INC${number}`,
    `INC–${number}`,
    `INC\u2011${number}`,
    `INC\u2212${number}`,
    `#${number}`,
    `${number}`,
    `https://desk.example/tickets/INC-${number}`,
    `https://desk.example/tickets/INC-${number}#comment-1`,
    `\u200bINC-${number}\u00a0`,
  ];
  for (const q of first) {
    await t.step(q, async () => {
      for (const client of [agent, rita, admin]) assertEquals((await found(client, q))[0], ticket.key);
    });
  }
  for (
    const q of [
      "rita@customer.example",
      "RITA@Customer.Example",
      "customer.example",
      "customer",
      "rita brandt",
    ]
  ) {
    await t.step(q, async () => {
      for (const client of [agent, rita]) assertEquals(await found(client, q), [ticket.key]);
      assertEquals(await found(other, q), []);
    });
  }
  await t.step("an address is found as a whole", async () => {
    assertEquals(await found(agent, "rita@elsewhere.example"), []);
    assertEquals(await found(agent, "srv-02"), []);
  });
  await t.step("nobody finds by key what they may not see", async () => {
    const hidden = await raise(agent, { title: "Hidden", description: "" });
    assertEquals(await found(rita, hidden.key), []);
    assertEquals(await found(rita, `Re: [${hidden.key}] Hidden`), []);
  });
  await t.step("a watcher doesn't find by an address that they may not see", async () => {
    const { requester } = scene;
    const watched = await agent.put(`/tickets/${ticket.id}/watchers/${requester.user.id}`);
    assertEquals(watched.status, 200);
    assertEquals(await found(requester, "beeps"), [ticket.key]);
    for (const q of ["rita@customer.example", "customer.example", "customer", "custo"]) {
      assertEquals(await found(requester, q), []);
    }
  });
  await t.step("a requester's new address finds their tickets", async () => {
    await move("brandt@new.example");
    assertEquals(await found(agent, "brandt@new.example"), [ticket.key]);
    assertEquals(await found(agent, "customer.example"), []);
  });
});

Deno.test("words are found as people write them, in many languages", async (t) => {
  await using scene = await openScene();
  const { agent, requester } = scene;
  const titles = [
    "Zażółć gęślą jaźń: Gdańsk i Wałbrzych",
    "Blåbærsyltetøj på skrivebordet",
    "Đorđe iz Đakova",
    "Cæsar og Œuvre complète",
    "Þórður frá Höfða",
    "Schlüsselübergabe im Großraumbüro",
    "Fest\u00adplatten\u00adwechsel",
    "Zeit\u200berfassung steht",
    "Anruf von +49 (0)89 1234567-12",
    "Call (555) 867-5309 back",
    "Rappeler le 01 44 55 66 77",
    "Asset 000932 fehlt",
    "大阪本社のスキャナが遅い",
    "ﬂuﬀy oﬃce",
    "İstanbul'da ışık yok",
    "ĦAL GĦAXAQ",
    "Ωμέγα και ΟΔΟΣ",
    "ёлка и Йошкар-Ола",
    "اَلْعَرَبِيَّة",
    "Wi-Fi im Keller",
    "Neue E-Mail-Adresse",
    "On-boarding of two",
    "Covid-19: Plätze",
    "USB\u2011C dock",
  ];
  const tickets: { id: string; key: string }[] = [];
  for (const title of titles) tickets.push(await raise(requester, { title, description: "" }));
  const searches: [string, number][] = [
    ["zazolc", 0],
    ["walbrzych", 0],
    ["Wałbrzych", 0],
    ["blabaersyltetoj", 1],
    ["skrivebordet", 1],
    ["dorde", 2],
    ["đakova", 2],
    ["dakova", 2],
    ["caesar", 3],
    ["oeuvre", 3],
    ["thordur", 4],
    ["hofda", 4],
    ["hoefda", 4],
    ["Höfða", 4],
    ["schlusselubergabe", 5],
    ["schluesseluebergabe", 5],
    ["übergabe", 5],
    ["uebergabe", 5],
    ["grossraumbuero", 5],
    ["raumbüro", 5],
    ["festplattenwechsel", 6],
    ["festplatten", 6],
    ["wechsel", 6],
    ["zeiterfassung", 7],
    ["erfassung", 7],
    ["0891234567", 8],
    ["089 1234567", 8],
    ["+49891234567", 8],
    ["0049 89 1234567 12", 8],
    ["1234567", 8],
    ["089/1234567-12", 8],
    ["5558675309", 9],
    ["555.867.5309", 9],
    ["+1 555 867 5309", 9],
    ["8675309", 9],
    ["0144556677", 10],
    ["+33144556677", 10],
    ["932", 11],
    ["000932", 11],
    ["0932", 11],
    ["スキャナ", 12],
    ["本社", 12],
    ["社", 12],
    ["fluffy", 13],
    ["office", 13],
    ["istanbul", 14],
    ["isik", 14],
    ["ghaxaq", 15],
    ["ωμεγα", 16],
    ["οδός", 16],
    ["елка", 17],
    ["йошкар", 17],
    ["العربية", 18],
    ["wi-fi", 19],
    ["wifi", 19],
    ["wif", 19],
    ["wifi keller", 19],
    ["йошкарола", 17],
    ["email", 20],
    ["e-mail", 20],
    ["mailadresse", 20],
    ["emailadresse neue", 20],
    ["onboarding", 21],
    ["on-boarding", 21],
    ["covid19", 22],
    ["covid-19", 22],
    ["usbc", 23],
    ["usb-c", 23],
  ];
  for (const [q, place] of searches) {
    await t.step(q, async () => {
      for (const client of [agent, requester]) assertEquals(await found(client, q), [tickets[place]!.key]);
    });
  }
  await t.step("the other way round, what was typed with letters that the text spells out", async () => {
    const plain = await raise(requester, { title: "Herr Goetzmann, Wifi, Aarhus", description: "030901820" });
    for (
      const q of [
        "Götzmann",
        "goetzmann",
        "gotzmann",
        "Wi-Fi goetzmann",
        "Århus",
        "030/90 18 20",
        "+49 30 901820",
      ]
    ) {
      assertEquals([q, (await found(agent, q))[0]], [q, plain.key]);
    }
  });
  await t.step("what was found is marked", async () => {
    const marks = async (q: string) => {
      const [{ title }] = await find(agent, q) as [Hit];
      return title.ranges.map(({ start, end }) => title.text.slice(start, end));
    };
    assertEquals(await marks("erfassung"), ["Zeit\u200berfassung"]);
    assertEquals(await marks("0891234567"), ["+49 (0)89 1234567-12"]);
    assertEquals(await marks("932"), ["000932"]);
    assertEquals(await marks("walbrzych"), ["Wałbrzych"]);
    assertEquals(await marks("email neue"), ["Neue", "E-Mail"]);
    assertEquals(await marks("neue email"), ["Neue", "E-Mail"]);
    assertEquals(await marks("mail neue"), ["Neue", "Mail"]);
    assertEquals(await marks("emailadresse"), ["E-Mail-Adresse"]);
    assertEquals(await marks("usbc dock"), ["USB\u2011C", "dock"]);
    assertEquals(await marks("5558675309 back"), ["(555) 867-5309", "back"]);
  });
  await t.step(
    "words with hyphens are found without them in other words' places, and go with them",
    async () => {
      const said = await raise(requester, {
        title: "Plain",
        description: "The re-use\u2010count of co-op, and x-y",
      });
      for (const q of ["reuse", "reusecount", "usecount", "coop", "re-use count"]) {
        assertEquals([q, await found(agent, q)], [q, [said.key]]);
      }
      await agent.post(`/tickets/${said.id}/comments`, {
        body: "It is a walkie-talkie",
        visibility: "public",
      });
      const [{ snippet, matchedIn }] = await find(agent, "walkietalkie plain") as [Hit];
      assertEquals([snippet?.text, matchedIn], ["It is a walkie-talkie", "comment"]);
      assertEquals(snippet?.ranges, [{ start: 8, end: 21 }]);
      await agent.patch(`/tickets/${said.id}`, { version: 1, description: "The co-op" });
      assertEquals([await found(agent, "reuse"), await found(agent, "coop")], [[], [said.key]]);
      await scene.admin.invite("REQUESTER", "Anna-Lena Gross");
      const { people } = (await agent.get("/search?q=annalena")).body;
      assertEquals(people.map(({ name }: { name: { text: string } }) => name.text), ["Anna-Lena Gross"]);
    },
  );
  await t.step("a part of a word of an internal note is for staff", async () => {
    await agent.post(`/tickets/${tickets[0]!.id}/comments`, {
      body: "Der Rauchmeldertest",
      visibility: "internal",
    });
    assertEquals(await found(agent, "melder"), [tickets[0]!.key]);
    assertEquals(await found(requester, "melder"), []);
  });
});

Deno.test("the whole of a long text is found, and words that one remembers only in part", async (t) => {
  await using scene = await openScene();
  const { desk, agent, requester, stranger } = scene;
  const filler = "A line of an ordinary log. ".repeat(900);
  const log = Array.from(
    { length: 500 },
    (_, i) => `2026-11-30T09:${i}:00 at worker${i} frame${i * 7} id${i * 13}`,
  ).join("\n");
  const long = await raise(requester, {
    title: "Long report",
    description: `${filler}The cause is a quetzal.`,
  });
  const trace = await raise(requester, { title: "Trace", description: "" });
  await agent.post(`/tickets/${trace.id}/comments`, {
    body: `${log}\nThe cause is a hoopoe.`,
    visibility: "public",
  });
  await indexSearch(desk.request(), NEVER);
  assertEquals(await found(agent, "quetzal"), [long.key]);
  assertEquals(await found(requester, "hoopoe cause"), [trace.key]);
  assertEquals(await found(stranger, "quetzal"), []);

  const all = await raise(requester, { title: "Projector flickers in room Bergen", description: "" });
  const two = await raise(requester, { title: "Projector flickers", description: "" });
  const one = await raise(requester, { title: "Projector", description: "" });
  await t.step("those with all words, and nothing else", async () => {
    assertEquals(await found(agent, "projector flickers bergen"), [all.key]);
    assertEquals(await found(agent, "projector flickers"), [two.key, all.key]);
  });
  await t.step("where none has all, those with the most words first", async () => {
    assertEquals(await found(agent, "projector flickers since yesterday"), [two.key, all.key]);
    assertEquals(await found(agent, "projector flickers bergen yesterday"), [all.key, two.key]);
    assertEquals(await found(agent, "projector flickers yesterday"), [two.key, all.key, one.key]);
    assertEquals(await found(requester, "projector yesterday"), [one.key, two.key, all.key]);
    assertEquals(await found(stranger, "projector yesterday"), []);
  });
  await t.step("a bulk change takes those with all words alone", async () => {
    const change = (q: string) =>
      agent.post("/tickets/bulk", { filter: { q }, change: { priority: "high" }, dryRun: true });
    const { status, body } = await change("projector flickers bergen");
    assertEquals([status, body.items.map(({ key }: { key: string }) => key)], [200, [all.key]]);
    assertEquals((await change("projector flickers bergen yesterday")).body.items, []);
  });
  await t.step("no word is no search", async () => {
    assertProblem(await agent.get("/search?q="), 422, "invalid");
    assertEquals(await found(agent, "???"), []);
    assert((await find(agent, "projector"))[0]!.matchedIn === "title");
  });
});
