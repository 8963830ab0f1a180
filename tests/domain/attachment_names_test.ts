import { contentDisposition } from "@/edge/download.ts";
import { cleanName, extensionOf } from "@/domain/attachments/names.ts";
import { sizeLabel } from "@/domain/attachments/types.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";

Deno.test("CHK-25 a clean name has no folder, no control, no mark that turns text, and at most 200 characters", () => {
  const hostile = [
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "a\u0000b\r\nc\td.txt",
    "\u202egpj.exe",
    "\u2066x\u2069\u200f\u061c.pdf",
    "\ud800lone.txt",
    `${"\ud83d\ude00".repeat(150)}.png`,
    `${"x".repeat(500)}`,
    "....",
    "",
    "/",
    "x.txt. . ",
  ];
  for (const given of hostile) {
    const name = cleanName(given);
    assert(name.length >= 1 && name.length <= 200, `${given} ${name.length}`);
    assert(!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\]|^[.]|[. ]$/u.test(name), JSON.stringify(name));
  }
  assertEquals(["", "....", "/"].map(cleanName), ["file", "file", "file"]);
  assertEquals(cleanName("a\u0000b\r\nc\td.txt"), "abcd.txt");
  assertEquals(["a.TXT", "a", "a.tar.gz", ".x"].map(extensionOf), ["txt", "", "gz", ""]);
});

Deno.test("CHK-29 Content-Disposition takes any name without a header of its own", () => {
  for (const name of ['a"b\\c.txt', "a\u00e9\u4e2d(1)'*.txt", "50% off.pdf", "\ud83d\ude00.png"]) {
    const value = contentDisposition("attachment", name);
    assert(
      /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[\w.~!-]*(?:%[\dA-F]{2}[\w.~!-]*)*$/
        .test(value),
      value,
    );
    assertEquals(decodeURIComponent(value.split("UTF-8''")[1]!), name);
  }
});

Deno.test("Sizes read as people say them", () => {
  assertEquals([1, 1023, 1024, 1500, 10 * 1024, 25 * 1024 ** 2].map(sizeLabel), [
    "1 B",
    "1023 B",
    "1 KiB",
    "1.5 KiB",
    "10 KiB",
    "25 MiB",
  ]);
});
