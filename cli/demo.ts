/** Starts a desk with something in it, in a data directory of its own, and prints who can sign in. */
import { readConfig } from "../config.ts";
import type { Services } from "../domain/services.ts";
import { soleTenant } from "../domain/identity/tenants.ts";
import { main } from "../serve.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE, fillDemo } from "./demo_content.ts";

const config = readConfig(undefined, { DATA_DIR: new URL("../data/demo", import.meta.url).pathname });

await main(config, async (services: Services) => {
  if ((await soleTenant()).total === 0) await fillDemo(services);
  const lines = DEMO_PEOPLE.map(({ role, email }) => `  ${role.padEnd(10)} ${email}`);
  const text = `\n  Sign in with the password "${DEMO_PASSWORD}" as\n${lines.join("\n")}\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(text));
});
