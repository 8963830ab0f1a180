/**
 * Runs the tests: builds the pages, starts a real PostgreSQL that is thrown away, runs every test file (or those named),
 * and prints the ten that took longest and `N passed, N failed`.
 */
import { batchesOf, runBatch } from "./helpers/batch.ts";
import { makeDataDir, startCluster } from "./helpers/cluster.ts";

const SLOWEST = 10;
const root = new URL("../", import.meta.url);
const started = performance.now();
const dir = await Deno.makeTempDir({ prefix: "servicehub-test-" });
// Servers run as an unprivileged user when the tests run as root; they have to get past this folder.
await Deno.chmod(dir, 0o755);
// The browsers' home.
await Deno.mkdir(`${dir}/browser`, { mode: 0o700 });
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop.abort());
const files = Deno.args.length > 0 ? Deno.args : await testFiles();
let code = 1;
try {
  for (const done of await Promise.allSettled([build(), makeDataDir(`${dir}/made`)])) {
    if (done.status === "rejected") throw done.reason;
  }
  const cluster = await startCluster(`${dir}/cluster`, { from: `${dir}/made` });
  try {
    code = await runTests(batchesOf(files), {
      SERVICEHUB_TEST_CLUSTER: JSON.stringify(cluster),
      SERVICEHUB_TEST_DATA_DIR: `${dir}/made`,
      SERVICEHUB_TEST_BROWSER: `${dir}/browser`,
    });
  } finally {
    await cluster.stop();
  }
} finally {
  await Deno.remove(dir, { recursive: true }).catch(() => {});
}
Deno.exit(code);

async function build(): Promise<void> {
  const allow = ["read", "write", "env", "run", "sys"].map((name) => `--allow-${name}`);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...allow, "dev.ts", "build"],
    cwd: root,
  }).output();
  if (success) return;
  await Deno.stderr.write(stdout);
  await Deno.stderr.write(stderr);
  throw new Error("Cannot test: the build failed");
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

/** One lane more than there are processors, since many tests wait. */
async function runTests(batches: string[][], env: Record<string, string>): Promise<number> {
  const totals = { passed: 0, failed: 0 };
  const times: [string, number][] = [];
  const lane = async () => {
    for (let files = batches.shift(); files && !stop.signal.aborted; files = batches.shift()) {
      const result = await runBatch(files, env, stop.signal);
      totals.passed += result.passed;
      totals.failed += result.failed;
      times.push(...result.times);
      if (result.failed > 0) say(`\n──── ${files.join(" ")}\n${result.output}`);
      else say(`ok  ${files.join(" ")} (${result.passed})`);
    }
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency + 1 }, lane));
  times.sort((a, b) => b[1] - a[1]);
  say("\nThe slowest files:");
  for (const [file, ms] of times.slice(0, SLOWEST)) say(`${seconds(ms)}  ${file}`);
  say(`${seconds(performance.now() - started)}  in all\n`);
  say(`${totals.passed} passed, ${totals.failed} failed`);
  return stop.signal.aborted || totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(7)} s`;
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}
