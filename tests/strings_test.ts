import { assert } from "@/tests/helpers/assert.ts";

Deno.test("the list of strings has what people read, and nothing that only programs do", async () => {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--quiet", new URL("../tools/strings.ts", import.meta.url).pathname],
  }).output();
  assert(success);
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const has = (path: string, text: RegExp) =>
    assert(lines.some((line) => line.startsWith(path) && text.test(line.split("\t")[1]!)), `${path} ${text}`);
  has("routes/(public)/", /^Sign in$/);
  has("domain/mail/templates/", /invit/);
  has("api/", /ticket/);
  has("config.ts", /log/);
  has("domain/errors.ts", /\w/);
  assert(lines.length > 1_500, `${lines.length} lines`);
  const foreign = lines.filter((line) => /\t(?:select |insert into|@\/|\.\/|btn |\/tickets)/.test(line));
  assert(foreign.length === 0, foreign.join("\n"));
});
