import type { Config } from "@/config.ts";
import { PermanentFailure, RetryAfter } from "@/domain/jobs/outcome.ts";
import type { ReceivedMails } from "@/ports.ts";

const MIB = 1024 * 1024;
/** What Resend takes in at most, with the headers of its answer; more is no mail of a person. */
const MOST_BYTES = 40 * MIB;

export function createResendReceived(
  config: Pick<Config, "RESEND_API_KEY" | "RESEND_BASE_URL">,
): ReceivedMails {
  return {
    async read(id, { signal }) {
      if (!config.RESEND_API_KEY) throw new Error("Cannot fetch mails: RESEND_API_KEY is not set");
      const found = await fetch(`${config.RESEND_BASE_URL}/emails/receiving/${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${config.RESEND_API_KEY}`, "user-agent": "ServiceHub" },
        redirect: "error",
        signal,
      });
      const text = new TextDecoder().decode(await bytesOf(found));
      const url = downloadOf(text, config.RESEND_BASE_URL);
      if (!url) throw new Error("Resend did not say where the mail lies");
      // The address is signed in itself; the key stays here.
      return await bytesOf(await fetch(url, { redirect: "error", signal }));
    },
  };
}

/** Where the message lies: with TLS, or on the very server that was asked. */
function downloadOf(text: string, base: string): URL | null {
  try {
    const answer = JSON.parse(text) as { raw?: { download_url?: unknown } | null };
    const url = new URL(String(answer.raw?.download_url));
    return url.protocol === "https:" || url.origin === new URL(base).origin ? url : null;
  } catch {
    return null;
  }
}

/** @throws GiveUp for what is gone or too large, TryLater when told when to come back, else Error */
async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) {
    await response.body?.cancel();
    const reason = `Resend answered ${response.status} when asked for a mail`;
    if (response.status === 404 || response.status === 410) throw new PermanentFailure(reason);
    const seconds = Number(response.headers.get("retry-after") ?? NaN);
    throw seconds >= 0 ? new RetryAfter(reason, { seconds }) : new Error(reason);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new PermanentFailure(`The mail is larger than ${MOST_BYTES / MIB} MiB`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
