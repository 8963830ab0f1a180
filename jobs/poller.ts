/** Least time between two looks that others ask for, in milliseconds. */
const PACE_MS = 100;

/** Looks for work: when woken, or when the last look said so. Never twice at once. */
export class Poller {
  #timer: { id: ReturnType<typeof setTimeout>; at: number } | undefined;
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  /** @param look returns when to look next, in milliseconds: 0 at once, null when it is told to */
  constructor(readonly look: () => Promise<number | null>, readonly paceMs: number = PACE_MS) {}

  wake(): void {
    const wait = this.#lookedAt + this.paceMs - performance.now();
    if (wait <= 0 && !this.#looking) this.lookNow();
    else this.#lookIn(Math.max(0, wait));
  }

  /** Looks now; while a look is under way, once more after it. */
  lookNow(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#lookWhileAsked();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer?.id);
    await this.#looking;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      clearTimeout(this.#timer?.id);
      this.#timer = undefined;
      this.#lookedAt = performance.now();
      const wait = await this.look();
      if (wait === 0) this.#again = true;
      else if (wait !== null) this.#lookIn(wait);
    }
    this.#looking = undefined;
  }

  /** The earliest time that was asked for counts. */
  #lookIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.#stopped || this.#timer && this.#timer.at <= at) return;
    clearTimeout(this.#timer?.id);
    this.#timer = { id: setTimeout(() => this.lookNow(), ms), at };
  }
}
