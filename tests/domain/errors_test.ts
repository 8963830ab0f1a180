import { rateLimited } from "@/domain/errors.ts";
import { assertEquals } from "@/tests/helpers/assert.ts";

Deno.test("what comes too often is told when to come back, in words that fit the number", () => {
  const said = (seconds: number, reason?: string) => rateLimited(seconds, reason).message;
  assertEquals(said(1), "Try again in 1 second");
  assertEquals(said(30), "Try again in 30 seconds");
  assertEquals(said(120, "Too many attempts"), "Too many attempts. Try again in 2 minutes");
  assertEquals(said(121), "Try again in 3 minutes");
  assertEquals(rateLimited(90).facts.retryAfter, 90);
});
