/**
 * Runs the tests: starts a real PostgreSQL that is thrown away, builds the pages, runs every test file (or those named),
 * and prints how long each file took and `N passed, N failed`.
 */
import { startCluster } from "./helpers/cluster.ts";

const root = new URL("../", import.meta.url);
const started = performance.now();
const dir = await Deno.makeTempDir({ prefix: "servicehub-test-" });
// Servers run as an unprivileged user when the tests run as root; they have to get past this folder.
await Deno.chmod(dir, 0o755);
// The browser is unpacked here once, for all files.
await Deno.mkdir(`${dir}/browser`, { mode: 0o700 });
const files = Deno.args.length > 0 ? Deno.args : await testFiles();
let code = 1;
try {
  await run("build", [...permissions("read", "write", "env", "run", "sys"), "dev.ts", "build"]);
  const cluster = await startCluster(`${dir}/cluster`);
  try {
    code = await runTests(files, JSON.stringify(cluster));
  } finally {
    await cluster.stop();
  }
} finally {
  await Deno.remove(dir, { recursive: true }).catch(() => {});
}
Deno.exit(code);

function permissions(...names: string[]): string[] {
  return ["run", ...names.map((name) => `--allow-${name}`)];
}

async function run(what: string, args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  if (success) return;
  await Deno.stderr.write(stdout);
  await Deno.stderr.write(stderr);
  throw new Error(`Cannot test: the ${what} failed`);
}

async function testFiles(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["tests", "jsr", "domain", "db", "edge", "adapters"]) await walk(folder, found);
  return found.sort();
}

async function walk(folder: string, found: string[]): Promise<void> {
  for await (const entry of Deno.readDir(new URL(folder, root))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory && !["node_modules", "fixture"].includes(entry.name)) await walk(path, found);
    else if (/_test\.tsx?$/.test(entry.name)) found.push(path);
  }
}

/** Two files at a time, each in a process of its own, so that a file's time and its failures are its own. */
async function runTests(files: string[], cluster: string): Promise<number> {
  const waiting = [...files];
  const totals = { passed: 0, failed: 0 };
  const times: [string, number][] = [];
  const lane = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const before = performance.now();
      const result = await runFile(file, cluster);
      totals.passed += result.passed;
      totals.failed += result.failed;
      times.push([file, performance.now() - before]);
    }
  };
  await Promise.all([lane(), lane()]);
  times.sort((a, b) => b[1] - a[1]);
  say(`\nTime of each file:`);
  for (const [file, ms] of times) say(`${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`);
  say(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  in all\n`);
  say(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

async function runFile(file: string, cluster: string): Promise<{ passed: number; failed: number }> {
  const allow = ["net", "read", "write", "env", "run", "sys", "ffi"].map((name) => `--allow-${name}`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "--quiet", ...allow, file],
    cwd: root,
    env: {
      SERVICEHUB_TEST_CLUSTER: cluster,
      SERVICEHUB_TEST_BROWSER: `${dir}/browser`,
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
    },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const summary = /(\d+) passed.*?\| (\d+) failed/.exec(text);
  const passed = Number(summary?.[1] ?? 0);
  // A file that dies before its summary has failed, whatever it printed.
  const failed = Math.max(Number(summary?.[2] ?? 0), code === 0 ? 0 : 1);
  if (failed > 0) say(`\n──── ${file}\n${text}`);
  else say(`ok  ${file} (${passed})`);
  return { passed, failed };
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}
