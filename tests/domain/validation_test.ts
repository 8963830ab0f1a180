import { Name } from "@/domain/shared/account_fields.ts";
import { line, prose } from "@/domain/validation.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";

Deno.test("a text that can't be seen is an empty one, whatever it is made of", () => {
  const schemas = [line(1, 120), prose(1, 1024), Name];
  for (const text of ["", "  ", "\u200b", "\u202e\u200b", "\u2060\u00ad", "\u3164", "\u00a0\u2003"]) {
    for (const schema of schemas) {
      const parsed = schema.safeParse(text);
      assertEquals([text, parsed.error?.issues[0]?.message], [text, "Must not be empty"]);
    }
  }
  for (const text of ["a", "🚒", "👩‍🚒", "مرحبا", "שלום", "書", "…", "e\u0301", "नमस्ते"]) {
    for (const schema of schemas) assertEquals(schema.safeParse(text).data, text);
  }
  for (const text of ["", "\u200b"]) assertEquals(line(0, 10).safeParse(text).success, true);
});
