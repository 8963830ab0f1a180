import type { Config } from "@/config.ts";
import type { BreachCheck } from "@/ports.ts";
import { log } from "@/log.ts";

const DEADLINE_MS = 2_000;

/** Only five hex digits of the SHA-1 leave. An unreachable API counts as "not breached": the shipped list still applies. */
export function createBreachCheck(config: Pick<Config, "HIBP" | "HIBP_BASE_URL">): BreachCheck {
  if (!config.HIBP) return { isBreached: () => Promise.resolve(false) };
  return {
    async isBreached(password) {
      const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(password));
      const hex = new Uint8Array(digest).toHex().toUpperCase();
      try {
        const response = await fetch(`${config.HIBP_BASE_URL}/range/${hex.slice(0, 5)}`, {
          headers: { "add-padding": "true", "user-agent": "ServiceHub" },
          signal: AbortSignal.timeout(DEADLINE_MS),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`Cannot check a password: status ${response.status}`);
        return seenTimes(text, hex.slice(5)) > 0;
      } catch (error) {
        log("warn", "Breach check failed", { error });
        return false;
      }
    },
  };
}

/** Lines are `SUFFIX:COUNT`; padding has the count 0. */
function seenTimes(text: string, suffix: string): number {
  const line = text.split(/\r?\n/).find((line) => line.toUpperCase().startsWith(`${suffix}:`));
  return line ? Number(line.slice(suffix.length + 1)) : 0;
}
