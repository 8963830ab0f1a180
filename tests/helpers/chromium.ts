/**
 * Finds the Chromium that the tests drive. `CHROMIUM_PATH` chooses: a path, or `system` for the one on PATH. Unset, it is
 * the one of the npm package `@sparticuz/chromium`, unpacked into the project's cache (node_modules/.cache/chromium), and
 * the one on PATH only where that package doesn't run.
 */
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** An executable and the whole environment to start it with. */
export interface Chromium {
  executablePath: string;
  env: Record<string, string>;
}

/** Environment variable by which the test runner names the private folder that is the browsers' home. */
export const SHARED_FOLDER = "SERVICEHUB_TEST_BROWSER";

const SYSTEM = "system";
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/chromium", import.meta.url));
const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const START_LIMIT_MS = 20_000;

/**
 * Resolves to a Chromium that is known to start. The parameters are for tests of this module: the environment to look in
 * (`CHROMIUM_PATH`, `PATH`, `SERVICEHUB_TEST_BROWSER`), and where packages are unpacked.
 *
 * @throws Error when the one that was chosen doesn't start, or there is none
 */
export async function findChromium(
  env: Record<string, string> = Deno.env.toObject(),
  cache = CACHE,
): Promise<Chromium> {
  const folder = env[SHARED_FOLDER] ?? ownFolder();
  const base = {
    PATH: env["PATH"] ?? "",
    LANG: "C.UTF-8",
    HOME: folder,
    TMPDIR: folder,
  };
  const chosen = env["CHROMIUM_PATH"];
  if (chosen === SYSTEM) {
    const found = await fromPath(base);
    if (found) return found;
    throw new Error(`Cannot find a Chromium that starts on PATH: there is no ${NAMES.join(", ")}`);
  }
  if (chosen) {
    const failure = await tryStart({ executablePath: chosen, env: base });
    if (failure) throw new Error(`Cannot start CHROMIUM_PATH "${chosen}": ${failure}`);
    return { executablePath: chosen, env: base };
  }
  try {
    return await fromPackage(cache, base);
  } catch (error) {
    const found = await fromPath(base);
    if (found) return found;
    throw error;
  }
}

async function fromPath(env: Record<string, string>): Promise<Chromium | undefined> {
  for (const executablePath of onPath(env["PATH"]!)) {
    // What is called chromium-browser can be a script that only advises to install a snap.
    if (await tryStart({ executablePath, env }) === undefined) return { executablePath, env };
  }
}

async function fromPackage(cache: string, base: Record<string, string>): Promise<Chromium> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("./chromium/deno.json", import.meta.url)));
  const version = imports["@sparticuz/chromium"].split("@").at(-1);
  const unpacked = join(cache, version);
  await Deno.mkdir(cache, { recursive: true });
  using lock = await Deno.open(join(cache, "lock"), { create: true, write: true });
  await lock.lock(true);
  if (!await exists(unpacked)) await unpack(unpacked);
  const executablePath = join(unpacked, "chromium");
  const withFonts = { ...base, FONTCONFIG_FILE: join(unpacked, "fonts.conf") };
  const withLibraries = { ...withFonts, LD_LIBRARY_PATH: join(unpacked, "al2023", "lib") };
  const failure = await tryStart({ executablePath, env: withFonts });
  if (!failure) return { executablePath, env: withFonts };
  const second = await tryStart({ executablePath, env: withLibraries });
  if (!second) return { executablePath, env: withLibraries };
  throw new Error(
    `Cannot start the Chromium from npm (set CHROMIUM_PATH to another): ${failure}; ${second}`,
  );
}

async function unpack(target: string): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Error(
      `Cannot unpack Chromium: npm has none for ${Deno.build.os} ${Deno.build.arch}, set CHROMIUM_PATH`,
    );
  }
  const part = `${target}.part`;
  await Deno.remove(part, { recursive: true }).catch(ignoreNotFound);
  await Deno.mkdir(part);
  const config = fileURLToPath(
    new URL("./chromium/deno.json", import.meta.url),
  );
  const script = fileURLToPath(
    new URL("./chromium/unpack.ts", import.meta.url),
  );
  const allow = ["--allow-read", "--allow-env", "--allow-sys", `--allow-write=${part}`];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--config", config, ...allow, script],
    env: { TMPDIR: part, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(
      `Cannot unpack the Chromium from npm (set CHROMIUM_PATH to another): ${errorLine(stderr)}`,
    );
  }
  await Deno.writeTextFile(join(part, "fonts.conf"), fontsConf(target));
  await Deno.rename(part, target);
}

function fontsConf(unpacked: string): string {
  const xml = (path: string) => path.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const folders = [join(unpacked, "fonts"), "/usr/share/fonts", "/usr/local/share/fonts"];
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    "<fontconfig>",
    ...folders.map((folder) => `<dir>${xml(folder)}</dir>`),
    `<cachedir>${xml(join(unpacked, "fonts-cache"))}</cachedir>`,
    "</fontconfig>",
  ].join("\n");
}

/** Resolves to undefined when `--version` answers like a Chromium, else to the reason in one line. */
async function tryStart(
  { executablePath, env }: Chromium,
): Promise<string | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(executablePath, {
      args: ["--version"],
      env,
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(START_LIMIT_MS),
    }).output();
    if (success && /chrom/i.test(new TextDecoder().decode(stdout))) {
      return undefined;
    }
    return errorLine(stderr) || `no answer to --version`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function* onPath(path: string): Generator<string> {
  for (const name of NAMES) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const candidate = join(folder, name);
      if (isFile(candidate)) yield candidate;
    }
  }
}

function ownFolder(): string {
  const folder = Deno.makeTempDirSync({ prefix: "servicehub-browser-" });
  globalThis.addEventListener(
    "unload",
    () => Deno.removeSync(folder, { recursive: true }),
  );
  return folder;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

function errorLine(bytes: Uint8Array): string {
  const lines = new TextDecoder().decode(bytes).trim().split("\n");
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "";
}
