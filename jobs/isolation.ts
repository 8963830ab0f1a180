/** A shared-exclusive lock for the jobs of a process: one that may crash the process runs while nothing else does. */
export class Isolation {
  readonly #running = new Set<Promise<void>>();
  #exclusive: Promise<void> | undefined;

  /** `alone`: after all that began before it, and before all that begins later. `work` never rejects. */
  run(work: () => Promise<void>, { alone }: { alone: boolean }): void {
    const before = alone ? Promise.all([this.#exclusive, ...this.#running]) : this.#exclusive;
    const turn = before ? before.then(work) : work();
    if (alone) this.#exclusive = turn;
    this.#running.add(turn);
    turn.then(() => {
      this.#running.delete(turn);
      if (this.#exclusive === turn) this.#exclusive = undefined;
    });
  }

  async shareable(): Promise<void> {
    while (this.#exclusive) await this.#exclusive;
  }

  async drained(): Promise<void> {
    await Promise.all(this.#running);
  }
}
