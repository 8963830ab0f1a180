/** Makes what reports count anew for every organisation: `deno task rebuild-reports`. It may be stopped at any time. */
import { createServices } from "@/adapters/mod.ts";
import { ConfigError, readConfig } from "@/config.ts";
import { connectDatabase } from "@/connect_database.ts";
import { EmbeddedError } from "@/db/embedded/mod.ts";
import { MigrationError } from "@/db/migrate.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import { assertKnownKey } from "@/domain/installation.ts";
import { rebuildSome, startRebuild } from "@/domain/reports/facts/rebuild.ts";
import { tenantsToClean } from "@/domain/retention/clean_up.ts";
import { configureLog } from "@/log.ts";

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof EmbeddedError || error instanceof MigrationError)) {
    throw error;
  }
  say(error.message);
  if (error.message.includes("is using it")) say("Stop ServiceHub first: deno task stop");
  Deno.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(undefined, { LOG_LEVEL: "warn" });
  configureLog({ level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  const database = await connectDatabase(config);
  try {
    const services = await createServices(config);
    await assertKnownKey(services.secrets.fingerprint);
    await rebuild({ requestId: "rebuild-reports", ip: "", userAgent: "", services });
    services.mail.close();
    await services.bus.close();
  } finally {
    await database.close();
  }
}

async function rebuild(request: RequestInfo): Promise<void> {
  const tenants = await tenantsToClean();
  // All of them first: whatever is left when this is stopped, the running desk goes on with.
  for (const tenantId of tenants) await act(request, { kind: "system", tenantId }, startRebuild);
  let [done, differing] = [0, 0];
  for (const [i, tenantId] of tenants.entries()) {
    for (let more = true; more;) {
      const step = await act(request, { kind: "system", tenantId }, rebuildSome);
      done += step.done;
      differing += step.differing;
      more = step.more;
    }
    say(`Organisation ${i + 1} of ${tenants.length}: ${done.toLocaleString("en")} tickets so far`);
  }
  say(
    `Reports are rebuilt: of ${done.toLocaleString("en")} tickets ${
      differing.toLocaleString("en")
    } were counted otherwise`,
  );
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}
