/**
 * A process with workers, for tests that kill, stop or race them. Its argument is JSON: the database to open, `leaseSeconds`,
 * `env` of its settings and `sink`, where jobs of kind "probe" report: what the sink answers is
 * what becomes of them.
 */
import { createServices } from "@/adapters/mod.ts";
import { readConfig } from "@/config.ts";
import type { Target } from "@/db/connect.ts";
import { openPool } from "@/db/pool.ts";
import type { JobHandler } from "@/domain/jobs/claim.ts";
import { JOB_KINDS } from "@/jobs/kinds.ts";
import { startWorkers } from "@/jobs/workers.ts";
import { configureLog } from "@/log.ts";
import { DOOR_SECRET } from "@/tests/helpers/cluster.ts";

const { target, leaseSeconds, env, sink }: {
  target: Target;
  leaseSeconds: number;
  env: Record<string, string>;
  sink: string;
} = JSON.parse(Deno.args[0]!);

const probe: JobHandler = async (_request, { tenantId, id, attempts }, { signal }) => {
  const body = JSON.stringify({ tenantId, id, attempts, pid: Deno.pid });
  const response = await fetch(`${sink}/probe`, { method: "POST", body, signal });
  const said = await response.text();
  if (said === "die") Deno.kill(Deno.pid, "SIGKILL");
  if (said === "fail") throw new Error("The sink said so");
  return {};
};

configureLog({ level: "error", format: "json" });
openPool(target, { doorSecret: DOOR_SECRET, size: 6 });
const services = await createServices(readConfig(env));
startWorkers(services, {
  kinds: { ...JOB_KINDS, probe: { handler: probe, slots: 16, slotsPerTenant: 16 } },
  leaseSeconds,
});
Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
