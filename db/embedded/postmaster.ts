import { join } from "node:path";
import process from "node:process";

/** What a running server writes to postmaster.pid (src/include/utils/pidfile.h): one value a line. */
export type PidFile = { pid: number; socketDir: string; port: number; ready: boolean };

/** Reads the cluster's postmaster.pid; undefined if there is none, or it is torn and so belongs to no running server. */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const text = await Deno.readTextFile(join(cluster, "postmaster.pid")).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? "", ready: lines[7]?.trim() === "ready" };
}

/** Whether a process of this id exists, whoever owns it. A dead one that nobody has waited for yet counts. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** By its command line: after a crash the id may be anything's. By a program, since Deno guards /proc. */
export async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  if (!exists(pid)) return false;
  const linux = Deno.build.os === "linux";
  const { stdout } = await new Deno.Command(linux ? "/bin/cat" : "/bin/ps", {
    args: linux ? [`/proc/${pid}/cmdline`] : ["-ww", "-o", "command=", "-p", String(pid)],
    stdin: "null",
    stderr: "null",
  }).output();
  const line = new TextDecoder().decode(stdout);
  if (!linux) return line.includes(`/bin/postgres -D ${cluster} -c `);
  const [program, flag, folder] = line.split("\0");
  return program!.endsWith("/bin/postgres") && flag === "-D" && folder === cluster;
}

/** As the server records it in postmaster.opts; compare with {@linkcode commandLine}. */
export async function recordedCommandLine(cluster: string): Promise<string> {
  return (await Deno.readTextFile(join(cluster, "postmaster.opts")).catch(() => "")).trimEnd();
}

export function commandLine(program: string, args: string[]): string {
  return [program, ...args.map((arg) => `"${arg}"`)].join(" ");
}

export async function endServer(
  pid: number,
  options: { gone: () => boolean | Promise<boolean>; immediate?: boolean },
): Promise<void> {
  // SIGINT ends sessions and writes a checkpoint; SIGQUIT leaves that to recovery; both wait for no client.
  const steps: [Deno.Signal, number][] = [["SIGINT", 20_000], ["SIGQUIT", 6_000], ["SIGKILL", 5_000]];
  for (const [signal, patienceMs] of options.immediate ? steps.slice(1) : steps) {
    if (await options.gone()) return;
    try {
      Deno.kill(pid, signal);
      // A stopped process takes no signal but this one.
      Deno.kill(pid, "SIGCONT");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (await options.gone()) return;
      await sleep(10);
    }
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
