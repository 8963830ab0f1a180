/** Stops the desk that runs on DATA_DIR, and waits until it has. */
import { ConfigError, readConfig } from "@/config.ts";

const WAIT_MS = 20_000;

try {
  await stop(`${readConfig().DATA_DIR}/servicehub.pid`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  say(error.message);
  Deno.exit(1);
}

async function stop(file: string): Promise<void> {
  const pid = Number(await Deno.readTextFile(file).catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0 || !(await isDesk(pid))) return say("ServiceHub is not running");
  Deno.kill(pid, "SIGTERM");
  const end = Date.now() + WAIT_MS;
  while (await isDesk(pid)) {
    if (Date.now() > end) {
      say(`ServiceHub (process ${pid}) has not stopped yet`);
      Deno.exit(1);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  say("ServiceHub has stopped");
}

/**
 * Whether the process runs a desk: after a crash its number may be any other program's. Asked through a program,
 * because Deno keeps /proc from code without every permission. One that has ended has no command line.
 */
async function isDesk(pid: number): Promise<boolean> {
  const linux = Deno.build.os === "linux";
  const { stdout } = await new Deno.Command(linux ? "/bin/cat" : "/bin/ps", {
    args: linux ? [`/proc/${pid}/cmdline`] : ["-ww", "-o", "command=", "-p", String(pid)],
    stdin: "null",
    stderr: "null",
  }).output();
  return /[/ \0](serve|dev|demo)\.ts(\0|\s|$)/.test(new TextDecoder().decode(stdout));
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}
