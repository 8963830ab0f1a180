import { FIELD_TYPES, type FormField } from "@/domain/catalog/fields.ts";
import { answersSchema, FormDefinition } from "@/domain/catalog/schemas.ts";
import { requestText, requestTitle, wordAnswers } from "@/domain/catalog/wording.ts";
import { SEED_CATALOG_ITEMS } from "@/domain/organisations/registration/seed_catalog.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { cpuTime } from "@/tests/helpers/cpu_time.ts";

function form(...fields: (Partial<FormField> & { key: string; type: FormField["type"] })[]): FormField[] {
  return FormDefinition.parse(fields.map((field) => ({ label: field.key, ...field })));
}

/** What is wrong, by path; the answers when nothing is. */
function answer(fields: FormField[], given: Record<string, unknown>): unknown {
  const parsed = answersSchema(fields).safeParse(given);
  return parsed.success
    ? parsed.data
    : Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join("."), message]));
}

Deno.test("every type takes what a form sends and what JSON sends, and gives the same answer", () => {
  const id = "0198a000-0000-7000-8000-000000000001";
  const cases: [FormField, sent: unknown, json: unknown, kept: unknown][] = [
    [form({ key: "a", type: "text" })[0]!, " x ", "x", "x"],
    [form({ key: "a", type: "long_text" })[0]!, "x\r\ny", "x\ny", "x\ny"],
    [form({ key: "a", type: "number", min: 1, max: 9 })[0]!, "2,5", 2.5, 2.5],
    [form({ key: "a", type: "choice", options: ["S", "M"] })[0]!, "S", "S", "S"],
    [form({ key: "a", type: "choices", options: ["S", "M"] })[0]!, "S", ["S"], ["S"]],
    [form({ key: "a", type: "date" })[0]!, "2026-02-28", "2026-02-28", "2026-02-28"],
    [form({ key: "a", type: "user" })[0]!, "Ana@Works.example", "ana@works.example", "ana@works.example"],
    [form({ key: "a", type: "file" })[0]!, id, [id], [id]],
    [form({ key: "a", type: "checkbox" })[0]!, "on", true, true],
  ];
  assertEquals(cases.map(([{ type }]) => type).sort(), [...FIELD_TYPES].sort());
  for (const [field, sent, json, kept] of cases) {
    assertEquals(answer([field], { a: sent }), { a: kept });
    assertEquals(answer([field], { a: json }), { a: kept });
    const empty = field.type === "choices" || field.type === "file" ? [] : "";
    assertEquals(answer([field], { a: empty }), {});
    assert(typeof (answer([{ ...field, required: true }], { a: empty }) as { a: string }).a === "string");
  }
});

Deno.test("what a field doesn't take is told by its key", () => {
  const wrong: [FormField, unknown, string][] = [
    [form({ key: "a", type: "text" })[0]!, "x".repeat(501), "Must have at most 500 characters"],
    [form({ key: "a", type: "text" })[0]!, "a\0b", "Must not contain the character U+0000"],
    [form({ key: "a", type: "number", min: 1, max: 9 })[0]!, "10", "Must be at most 9"],
    [form({ key: "a", type: "number" })[0]!, "ten", "Must be a number"],
    [form({ key: "a", type: "number" })[0]!, "Infinity", "Must be a number"],
    [form({ key: "a", type: "choice", options: ["S"] })[0]!, "L", "Choose one of the options"],
    [form({ key: "a", type: "date" })[0]!, "2026-02-30", "Must be a date such as 2026-01-31"],
    [form({ key: "a", type: "user" })[0]!, "Ana", "Must be a person's email address"],
    [form({ key: "a", type: "checkbox" })[0]!, "maybe", "Must be true or false"],
  ];
  for (const [field, value, message] of wrong) assertEquals(answer([field], { a: value }), { a: message });
});

Deno.test("JSON of the wrong kind is refused as a form's text would be, and a list by its entries", () => {
  const id = "0198a000-0000-7000-8000-000000000001";
  const wrong: [FormField, unknown, Record<string, string>][] = [
    [form({ key: "a", type: "text" })[0]!, 7, { a: "Must be text" }],
    [form({ key: "a", type: "long_text" })[0]!, ["x"], { a: "Must be text" }],
    [form({ key: "a", type: "number" })[0]!, true, { a: "Must be a number" }],
    [form({ key: "a", type: "choice", options: ["7"] })[0]!, 7, { a: "Choose one of the options" }],
    [form({ key: "a", type: "choices", options: ["S"] })[0]!, ["S", "L", 7], {
      "a.1": "Choose from the options",
      "a.2": "Choose from the options",
    }],
    [form({ key: "a", type: "choices", options: ["S"] })[0]!, { S: true }, { a: "Must be a list" }],
    [form({ key: "a", type: "choices", options: ["S"] })[0]!, Array(101).fill("S"), {
      a: "Must be at most 100",
    }],
    [form({ key: "a", type: "file" })[0]!, [id, "x"], { "a.1": "Must be the id of an upload" }],
    [form({ key: "a", type: "file" })[0]!, Array(11).fill(id), { a: "Must be at most 10" }],
    [form({ key: "a", type: "user" })[0]!, 7, { a: "Must be a person's email address" }],
    [form({ key: "a", type: "user" })[0]!, `${"x".repeat(250)}@a.de`, {
      a: "Must have at most 254 characters",
    }],
    [form({ key: "a", type: "text" })[0]!, `${"\u200b".repeat(501)}`, {
      a: "Must have at most 500 characters",
    }],
    [form({ key: "a", type: "long_text" })[0]!, "é".repeat(8193), { a: "Must have at most 16 KiB" }],
  ];
  for (const [field, value, told] of wrong) assertEquals(answer([field], { a: value }), told);
  const twice = form({ key: "a", type: "file" });
  assertEquals(answer(twice, { a: `${id},${id.toUpperCase()}` }), { a: [id] });
});

Deno.test("what isn't shown is neither asked for nor kept, along a chain", () => {
  const fields = form(
    { key: "phone", type: "checkbox" },
    {
      key: "model",
      type: "choice",
      options: ["A", "B"],
      required: true,
      showIf: { field: "phone", equals: "yes" },
    },
    { key: "why", type: "text", required: true, showIf: { field: "model", equals: "B" } },
  );
  assertEquals(answer(fields, { model: "B", why: "x" }), {});
  assertEquals(answer(fields, { phone: true }), { model: "Choose an option" });
  assertEquals(answer(fields, { phone: "on", model: "A", why: "x" }), { phone: true, model: "A" });
  assertEquals(answer(fields, { phone: "on", model: "B" }), { why: "Must not be empty" });
  assertEquals(answer(fields, { phone: true, model: "B", why: "x" }), { phone: true, model: "B", why: "x" });
});

Deno.test("definitions that make no sense are refused", () => {
  const bad: [unknown, string][] = [
    [[{ key: "A", type: "text", label: "x" }], "0.key"],
    [[{ key: "__proto__", type: "text", label: "x" }], "0.key"],
    [[{ key: "a", type: "text", label: "" }], "0.label"],
    [[{ key: "a", type: "dice", label: "x" }], "0.type"],
    [[{ key: "a", type: "text", label: "x" }, { key: "a", type: "text", label: "y" }], "1.key"],
    [[{ key: "a", type: "choice", label: "x" }], "0.options"],
    [[{ key: "a", type: "number", label: "x", min: 2, max: 1 }], "0.max"],
    [[{ key: "a", type: "text", label: "x", showIf: { field: "a", equals: "y" } }], "0.showIf"],
    [[{ key: "a", type: "text", label: "x", showIf: { field: "b", equals: "yes" } }, {
      key: "b",
      type: "checkbox",
      label: "y",
    }], "0.showIf"],
    [Array(41).fill(0).map((_, i) => ({ key: `a${i}`, type: "text", label: "x" })), ""],
  ];
  for (const [definition, path] of bad) {
    const parsed = FormDefinition.safeParse(definition);
    assert(!parsed.success, JSON.stringify(definition));
    assertEquals(parsed.error.issues[0]!.path.join("."), path);
  }
  for (const { fields, name } of SEED_CATALOG_ITEMS) assert(FormDefinition.safeParse(fields).success, name);
});

Deno.test("CHK-33 keys of Object's own are no answers", () => {
  const fields = form({ key: "constructor", type: "text" }, { key: "a", type: "text" });
  assertEquals(answer(fields, JSON.parse('{"__proto__":{"a":"x"}}')), {});
  assertEquals(answer(fields, { a: "x" }), { a: "x" });
});

Deno.test("CHK-35 64 KiB of anything is parsed quickly", () => {
  const fields = form({ key: "a", type: "text" }, { key: "u", type: "user" }, { key: "n", type: "number" }, {
    key: "d",
    type: "date",
  });
  for (const unit of ["a", "@", ".", " ", "-", "1", "é", "a@"]) {
    const hostile = unit.repeat(65536 / unit.length);
    const took = cpuTime(() => answer(fields, { a: hostile, u: hostile, n: hostile, d: hostile }));
    assert(took < 100, `"${unit}": ${took} ms`);
  }
});

Deno.test("answers in words, a title from the first short one, and a text without marks of the labels", () => {
  const fields = form(
    { key: "size", type: "choice", label: "Size *of* it", options: ["14 inches"] },
    { key: "who", type: "user", label: "For" },
    { key: "ok", type: "checkbox", label: "Urgent" },
    { key: "more", type: "long_text", label: "More" },
  );
  const answers = { size: "14 inches", who: "id-1", ok: true, more: "one\ntwo" };
  const names = new Map([["id-1", "Ana Silva"]]);
  const worded = wordAnswers(fields, answers, names);
  assertEquals(worded.map(({ text }) => text), ["14 inches", "Ana Silva", "Yes", "one\ntwo"]);
  assertEquals(requestTitle({ name: "Laptop", fields }, answers, names), "Laptop: 14 inches");
  assertEquals(requestTitle({ name: "Laptop", fields }, {}, names), "Laptop");
  assertEquals(requestTitle({ name: "L".repeat(120), fields }, { size: "x".repeat(300) }, names).length, 200);
  assert(requestText(worded).startsWith("**Size \\*of\\* it:** 14 inches\n\n**For:** Ana Silva"));
});
