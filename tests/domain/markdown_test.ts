import { renderMarkdown } from "@/domain/shared/markdown.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";

/** The tags of a text's HTML, each once. */
const tagsOf = (html: string) => [...new Set(html.match(/<[^>]*>/g))].sort();

Deno.test("CHK-35 64 KiB that would take long to render come out as written, in plain paragraphs", () => {
  const units = [
    "|a",
    "[a][",
    "[",
    "![",
    "_a_",
    "_a_ ",
    "*a ",
    "`a``",
    "~~a",
    "<",
    "\\",
    "- a\n",
    "1. a\n",
    "# a\n",
  ];
  const links = ["http://a.b ", "www.a.co ", "a@b.co ", "<http://a>", "[a](b)", "[a]: b\n"];
  for (const unit of [...units, ...links, "> a\n", "&", "a\n"]) {
    const html = renderMarkdown(unit.repeat(65_536 / unit.length));
    assert(tagsOf(html).every((tag) => tag === "<p>" || tag === "</p>" || tag === "<br>"), unit);
  }
  assertEquals(renderMarkdown("<b>\n".repeat(5_000)).slice(0, 31), "<p>&lt;b&gt;<br>\n&lt;b&gt;<br>\n");
});

Deno.test("long texts of the ordinary kind are rendered", () => {
  const prose = "The **quick** brown fox reads https://fox.example/den and jumps over the lazy dog.\n\n";
  const html = renderMarkdown(prose.repeat(500));
  assert(html.startsWith("<p>The <strong>quick</strong> brown fox reads <a href="));
  assertEquals(html.split("<strong>").length, 501);
  assertEquals(renderMarkdown(prose.repeat(500)), html);
});

Deno.test("a few lines can't ask for many cells or levels", () => {
  const table = `|${"a|".repeat(500)}\n|${"-|".repeat(500)}\n${"|a\n".repeat(300)}`;
  assert(!renderMarkdown(table).includes("<td"));
  assert(renderMarkdown(">".repeat(90) + "a").split("<blockquote>").length < 30);
});
