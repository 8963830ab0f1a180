/** What every actor of a fault test did, in order: what it meant to do, what was acknowledged, what it heard of. */

export type Step = "intent" | "commit" | "receipt";

export interface Entry {
  actor: string;
  step: Step;
  /** What the intent calls the thing; the same at each try. */
  key: string;
  /** What the product calls it. */
  id?: string;
  /** How often it was tried. */
  tries?: number;
}

export class Ledger {
  readonly entries: Entry[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** All entries of a step. */
  of(step: Step): Entry[] {
    return this.entries.filter((entry) => entry.step === step);
  }
}

/** Posts until it is acknowledged, with one idempotency key, as a careful client does. */
export async function postOnce(
  ledger: Ledger,
  { actor, url, path, body, token, giveUpMs = 20_000 }: {
    actor: string;
    url: string;
    path: string;
    body: Record<string, unknown>;
    token: string;
    giveUpMs?: number;
  },
): Promise<{ id: string; ms: number; tries: number }> {
  const key = crypto.randomUUID();
  const text = JSON.stringify(body).replaceAll("{key}", key);
  const started = performance.now();
  ledger.add({ actor, step: "intent", key });
  for (let tries = 1;; tries++) {
    const answer = await fetch(url + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "authorization": `Bearer ${token}`,
        "idempotency-key": key,
      },
      body: text,
    }).then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((error: Error) => ({ status: 0, text: error.message }));
    if (answer.status === 201) {
      const { id } = JSON.parse(answer.text);
      ledger.add({ actor, step: "commit", key, id, tries });
      return { id, ms: performance.now() - started, tries };
    }
    const again = [0, 502, 503, 504].includes(answer.status) && performance.now() - started < giveUpMs;
    if (!again) throw new Error(`Cannot go on: ${path} answered ${answer.status} ${answer.text}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
