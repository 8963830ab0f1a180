import { network } from "@/domain/shared/network.ts";
import { isUuid } from "@/db/door.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { rateLimited } from "@/domain/errors.ts";
import type { Budget } from "@/ports.ts";
import { isSame } from "@/domain/shared/tokens.ts";

/** Failures per account: ten at once, then waits grow from minutes to a day (ASVS 5.0, V6.3.1). */
const ACCOUNT: Budget[] = [
  { limit: 10, windowSeconds: 15 * 60 },
  { limit: 20, windowSeconds: 3600 },
  { limit: 40, windowSeconds: 6 * 3600 },
  { limit: 80, windowSeconds: 24 * 3600 },
];
/** Attempts per client address, enough for an office behind one. */
const ADDRESS: Budget = { limit: 300, windowSeconds: 15 * 60 };

export interface SignInAttempt {
  /** Organisation and email address. */
  account: string;
  /** Null unless the device is known to this account. */
  device: string | null;
}

/** Before any hashing. Known devices have their own budget: strangers can't lock the owner out. @throws DomainError */
export async function limitSignIn(request: RequestInfo, attempt: SignInAttempt): Promise<void> {
  await limitByAddress(request, "sign-in", ADDRESS);
  for (const budget of ACCOUNT) await take(request, keyOf(attempt, budget), budget);
}

export async function forgetFailures(request: RequestInfo, attempt: SignInAttempt): Promise<void> {
  await Promise.all(ACCOUNT.map((budget) => request.services.limiter.clear(keyOf(attempt, budget))));
}

/** @throws DomainError rate_limited */
export async function limitByAddress(request: RequestInfo, what: string, budget: Budget): Promise<void> {
  await take(request, `${what}:${network(request.ip)}`, budget);
}

/** Like {@link limitByAddress}, for what must not reveal that it was refused. */
export async function tryTake(request: RequestInfo, key: string, budget: Budget): Promise<boolean> {
  const { limiter, config } = request.services;
  const limit = Math.ceil(budget.limit * config.RATE_LIMIT_SCALE);
  return (await limiter.take(key, { ...budget, limit })).allowed;
}

async function take(request: RequestInfo, key: string, budget: Budget): Promise<void> {
  const { limiter, config } = request.services;
  const limit = Math.ceil(budget.limit * config.RATE_LIMIT_SCALE);
  const taken = await limiter.take(key, { ...budget, limit });
  if (taken.allowed) return;
  throw rateLimited(taken.resetSeconds, "Too many attempts");
}

function keyOf({ account, device }: SignInAttempt, { windowSeconds }: Budget): string {
  return `sign-in:${windowSeconds}:${account}${device ? `:${device}` : ""}`;
}

/** `<nonce>.<HMAC of account and nonce>` (OWASP, "device cookies"). It signs nobody in. */
export function deviceToken(
  request: RequestInfo,
  account: string,
  nonce: string = crypto.randomUUID(),
): string {
  return `${nonce}.${request.services.secrets.sign("device", `${account}\n${nonce}`)}`;
}

/** @returns the nonce if the cookie belongs to the account, else null */
export function readDeviceToken(
  request: RequestInfo,
  account: string,
  token: string | undefined,
): string | null {
  const [nonce, mac] = token?.split(".") ?? [];
  if (!nonce || !mac || !isUuid(nonce)) return null;
  return isSame(mac, request.services.secrets.sign("device", `${account}\n${nonce}`)) ? nonce : null;
}
