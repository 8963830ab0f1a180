import { isPassword } from "@/domain/shared/marks.ts";
import { refusedForm } from "@/pages/forms.ts";
import { DomainError } from "@/domain/errors.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";

Deno.test("a refused form keeps everything but passwords; an answer whose key has the word in it is none", () => {
  const { form } = refusedForm(new DomainError("invalid"), {
    password: "a",
    newPassword: "b",
    currentPassword: "c",
    name: "Ana",
    "answers.which_password": "the one of the shared mailbox",
  });
  assertEquals(form.values, { name: "Ana", "answers.which_password": "the one of the shared mailbox" });
  assertEquals(["password", "answers.password"].map(isPassword), [true, false]);
});
