/**
 * Runs the test files that it is given one after the other in this process, which loads the application once for all of
 * them: that takes longer than most files do. Each file is a test, its tests are the steps.
 */
type Definition = Required<Pick<Deno.TestDefinition, "name" | "fn" | "ignore">>;

const root = new URL("../../", import.meta.url);
const { test } = Deno;

for (const file of Deno.args) {
  test(file, (t) => run(t, file));
}

async function run(t: Deno.TestContext, file: string): Promise<void> {
  const { tests, after } = await load(file);
  try {
    for (const { name, fn, ignore } of tests) await t.step({ name, fn, ignore });
  } finally {
    for (const hook of after.reverse()) await hook();
  }
}

/** Imports a file, and takes the tests and hooks that it declares. */
async function load(file: string): Promise<{ tests: Definition[]; after: (() => unknown)[] }> {
  const tests: Definition[] = [];
  const after: (() => unknown)[] = [];
  // However Deno lets a test be declared: a name, options and a function, or some of them.
  const declare = (...parts: (string | Partial<Definition> | Definition["fn"])[]) => {
    const options = parts.find((part) => typeof part === "object") ?? {};
    const fn = parts.find((part) => typeof part === "function") ?? options.fn!;
    const name = parts.find((part) => typeof part === "string") ?? options.name ?? fn.name;
    tests.push({ name, fn, ignore: options.ignore ?? false });
  };
  const taken = Object.assign(declare, { afterAll: (hook: () => unknown) => void after.push(hook) });
  Object.defineProperty(Deno, "test", { value: taken, configurable: true, writable: true });
  try {
    await import(new URL(file, root).href);
  } finally {
    Object.defineProperty(Deno, "test", { value: test, configurable: true, writable: true });
  }
  return { tests, after };
}
