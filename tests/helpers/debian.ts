/**
 * Programs that tests need and npm doesn't have: from PATH, else from Debian's packages, which are unpacked into the
 * project's cache (node_modules/.cache/debian) without being installed, as any user.
 */
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** An executable, and what its environment needs besides. */
export interface Program {
  path: string;
  env: Record<string, string>;
}

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/debian", import.meta.url));
const FETCH_LIMIT_MS = 180_000;
const VERSION_LIMIT_MS = 20_000;

/**
 * Finds a program that is known to start. Of test processes that look for it at one time, one fetches it for all.
 *
 * @param binary its name on PATH, which answers to `version`
 * @param options `package` is what Debian calls its package; `cache` another folder than the project's own
 * @throws Error in one line when it is neither on PATH nor to be had from Debian
 */
export async function findProgram(binary: string, { package: name, version, cache = CACHE }: {
  package: string;
  version: string[];
  cache?: string;
}): Promise<Program> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter).filter(Boolean)) {
    const program = { path: join(folder, binary), env: {} };
    if (isFile(program.path) && !await failure(program, version)) return program;
  }
  await Deno.mkdir(cache, { recursive: true });
  using lock = await Deno.open(join(cache, "lock"), { create: true, write: true });
  await lock.lock(true);
  const unpacked = join(cache, name);
  try {
    if (!isFile(join(unpacked, "complete"))) await fetchPackage(name, { cache, unpacked });
    const program = await programIn(unpacked, binary);
    const reason = await failure(program, version);
    if (reason) throw new Error(reason);
    return program;
  } catch (error) {
    await Deno.remove(unpacked, { recursive: true }).catch(() => {});
    const { message } = error as Error;
    throw new Error(
      `Cannot find ${binary} for the tests: it is not on PATH, and Debian's package ${name} can't be had (${message})`,
    );
  }
}

/** Fetches a package with whatever it needs that this machine hasn't, and unpacks all of them. */
async function fetchPackage(name: string, { cache, unpacked }: {
  cache: string;
  unpacked: string;
}): Promise<void> {
  const state = join(cache, "state");
  const archives = join(cache, "archives", name);
  await Deno.remove(unpacked, { recursive: true }).catch(() => {});
  for (const folder of [join(state, "lists/partial"), join(archives, "partial"), unpacked]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const options = [
    `Dir::State=${state}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${cache}`,
    `Dir::Cache::archives=${archives}`,
    // Nothing is installed, so nobody else is in the way; and the folder is ours alone, root's too.
    "Debug::NoLocking=1",
    "APT::Sandbox::User=",
    "Acquire::Retries=3",
  ].flatMap((option) => ["-o", option]);
  await run("apt-get", [...options, "-qq", "update"]);
  await run("apt-get", [...options, "-qqy", "--no-install-recommends", "--download-only", "install", name]);
  for await (const { name: file } of Deno.readDir(archives)) {
    if (file.endsWith(".deb")) await run("dpkg-deb", ["-x", join(archives, file), unpacked]);
  }
  await Deno.remove(archives, { recursive: true });
  await Deno.writeTextFile(join(unpacked, "complete"), "");
}

async function programIn(unpacked: string, binary: string): Promise<Program> {
  const libraries: string[] = [];
  for (const folder of ["lib", "usr/lib"].map((one) => join(unpacked, one))) {
    libraries.push(folder);
    const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
    const inside = entries.filter(({ isDirectory, name }) => isDirectory && name.includes("-linux-"));
    libraries.push(...inside.map(({ name }) => join(folder, name)));
  }
  const path = ["bin", "sbin"].map((one) => join(unpacked, "usr", one, binary)).find(isFile);
  if (!path) throw new Error(`there is no ${binary} in it`);
  return { path, env: { LD_LIBRARY_PATH: libraries.join(":") } };
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal: AbortSignal.timeout(FETCH_LIMIT_MS),
  }).output();
  if (!success) throw new Error(`${command}: ${lineOf(stderr)}`);
}

/** Why a program doesn't start, in one line; undefined when it does. */
async function failure({ path, env }: Program, args: string[]): Promise<string | undefined> {
  try {
    const { success, stderr } = await new Deno.Command(path, {
      args,
      env,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal: AbortSignal.timeout(VERSION_LIMIT_MS),
    }).output();
    return success ? undefined : lineOf(stderr) || "it doesn't start";
  } catch (error) {
    return (error as Error).message;
  }
}

function lineOf(bytes: Uint8Array): string {
  const lines = new TextDecoder().decode(bytes).trim().split("\n");
  return lines.find((line) => line.startsWith("E:")) ?? lines.at(-1) ?? "";
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
