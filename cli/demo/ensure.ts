import { ConfigError } from "@/config.ts";
import { soleTenant } from "@/domain/organisations/tenants.ts";
import type { Services } from "@/ports.ts";
import { fillDemo } from "./fill.ts";

/** Fills an empty database with the demo. @throws ConfigError when an earlier attempt was interrupted */
export async function ensureDemo(services: Services): Promise<void> {
  const { DATA_DIR } = services.config;
  const marker = `${DATA_DIR}/demo-is-filled`;
  if ((await soleTenant()).total === 0) {
    await fillDemo(services);
    await Deno.writeTextFile(marker, "");
  } else if (!(await isFile(marker))) {
    throw new ConfigError(`Cannot start the demo: it ended while it was filled. Delete ${DATA_DIR} first`);
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => null))?.isFile === true;
}
