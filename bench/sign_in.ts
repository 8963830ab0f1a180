import { median } from "./print.ts";
import type { Product } from "./product.ts";
import type { SeededTenant } from "./seed.ts";

/** The password of every seeded person. */
export const PASSWORD = "a quiet harbour at dawn";

const ATTEMPTS = 15;

/**
 * How long a refused sign-in takes, for addresses that have an account and for ones that don't: the two must not be
 * told apart by it. In turns, one at a time; medians in milliseconds.
 */
export async function signInTimes(
  product: Product,
  tenants: SeededTenant[],
): Promise<{ known: number; unknown: number }> {
  const organisation = tenants[0]!.slug;
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < ATTEMPTS; i++) {
    known.push(await refused(product, { email: `person${i + 60}@${organisation}.example`, organisation }));
    unknown.push(await refused(product, { email: `nobody${i + 60}@${organisation}.example`, organisation }));
  }
  return { known: median(known), unknown: median(unknown) };
}

async function refused(product: Product, who: { email: string; organisation: string }): Promise<number> {
  const began = performance.now();
  const response = await fetch(`http://127.0.0.1:${product.port}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...who, password: "not the password at all" }),
  });
  await response.body?.cancel();
  if (response.status !== 401) throw new Error(`Cannot time a refused sign-in: answered ${response.status}`);
  return performance.now() - began;
}
