export class Slots {
  readonly #byTenant = new Map<string, number>();
  #taken = 0;

  constructor(readonly size: number, readonly perTenant: number) {}

  get byTenant(): ReadonlyMap<string, number> {
    return this.#byTenant;
  }

  get taken(): number {
    return this.#taken;
  }

  get free(): number {
    return this.size - this.#taken;
  }

  /** How many more may go to receivers that fail: half of all are kept for the others. */
  get slack(): number {
    return Math.max(1, Math.floor(this.size / 2) - this.#taken);
  }

  /** Whether a tenant has as many as it may: more of its jobs may be due than were claimed. */
  get anyTenantFull(): boolean {
    return [...this.#byTenant.values()].some((count) => count >= this.perTenant);
  }

  take(tenantId: string): void {
    this.#taken++;
    this.#byTenant.set(tenantId, (this.#byTenant.get(tenantId) ?? 0) + 1);
  }

  release(tenantId: string): void {
    this.#taken--;
    const left = this.#byTenant.get(tenantId)! - 1;
    if (left > 0) this.#byTenant.set(tenantId, left);
    else this.#byTenant.delete(tenantId);
  }
}
