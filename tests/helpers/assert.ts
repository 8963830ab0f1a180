/** The assertions of the tests: Node's own, with a difference printed on failure. */
import { deepStrictEqual, ok } from "node:assert/strict";

/** @throws AssertionError unless both are deeply equal */
export function assertEquals<T>(actual: T, expected: T): void {
  deepStrictEqual(actual, expected);
}

/** @throws AssertionError unless `value` is truthy */
export function assert(value: unknown, message = "Expected a truthy value"): asserts value {
  ok(value, message);
}

/** @throws AssertionError unless `fn` rejects with an error whose message or code has `expected` in it */
export async function assertRejects(fn: () => Promise<unknown>, expected: RegExp): Promise<void> {
  const thrown = await fn().then(() => undefined, (error: unknown) => error);
  if (!(thrown instanceof Error)) throw new Error(`Expected a rejection like ${expected}`);
  const text = `${(thrown as { code?: string }).code ?? ""} ${thrown.message}`;
  ok(expected.test(text), `Expected ${expected}, got "${text}"`);
}
