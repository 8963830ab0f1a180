/** Stops the desk that runs on DATA_DIR, and waits until it has. */
import { readConfig } from "../config.ts";

const WAIT_MS = 20_000;
const file = `${readConfig().DATA_DIR}/servicehub.pid`;
const pid = Number(await Deno.readTextFile(file).catch(() => ""));

if (!pid || !isRunning(pid)) {
  say("ServiceHub is not running");
} else {
  Deno.kill(pid, "SIGTERM");
  const end = Date.now() + WAIT_MS;
  while (isRunning(pid) && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
  say(isRunning(pid) ? `ServiceHub (process ${pid}) has not stopped yet` : "ServiceHub has stopped");
  if (isRunning(pid)) Deno.exit(1);
}

/** A signal that does nothing tells whether the process is there; a pid that another program has by now isn't ours. */
function isRunning(pid: number): boolean {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("serve.ts");
  } catch {
    try {
      Deno.kill(pid, "SIGCONT");
      return Deno.build.os !== "linux";
    } catch {
      return false;
    }
  }
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}
