/**
 * A process that does what runs by the clock, for tests that race, break or kill several. Its argument is JSON: the
 * database to open, and `env` of its settings.
 */
import { createServices } from "@/adapters/mod.ts";
import { readConfig } from "@/config.ts";
import type { Target } from "@/db/connect.ts";
import { openPool } from "@/db/pool.ts";
import { startCron } from "@/jobs/cron.ts";
import { startWorkers } from "@/jobs/workers.ts";
import { configureLog } from "@/log.ts";
import { DOOR_SECRET } from "@/tests/helpers/cluster.ts";

const { target, env }: { target: Target; env: Record<string, string> } = JSON.parse(Deno.args[0]!);
configureLog({ level: "error", format: "json" });
openPool(target, { doorSecret: DOOR_SECRET, size: 6 });
const services = await createServices(readConfig(env));
startCron(services);
startWorkers(services);
Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
