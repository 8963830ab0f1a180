/** Starts a desk with something in it, in a data directory of its own, and prints who can sign in. */
import { join } from "node:path";
import { readConfig } from "@/config.ts";
import type { Services } from "@/ports.ts";
import { main } from "@/serve.ts";
import { ensureDemo } from "./demo/ensure.ts";
import { DEMO_PASSWORD, signIns } from "./demo/people.ts";

const config = readConfig(undefined, {
  DATA_DIR: join(import.meta.dirname!, "..", "data", "demo"),
  // What is written for each e-mail would push the sign-ins off the screen.
  LOG_LEVEL: "warn",
});

// Nobody has the demo's addresses: its e-mails must not leave, and none of them can be confirmed.
await main({ ...config, MAIL_TRANSPORT: "console" }, async (services: Services) => {
  await ensureDemo(services);
  const lines = signIns().map(({ role, email }) => `  ${role.padEnd(10)} ${email}`);
  const text = `\n  Sign in with the password "${DEMO_PASSWORD}" as\n${
    lines.join("\n")
  }\n\n  Ctrl-C stops it.\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(text));
});
