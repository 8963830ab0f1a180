import type { FieldError } from "@/domain/errors.ts";
import { DomainError } from "@/domain/errors.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { byteLength } from "@/domain/text.ts";
import { isCommon, isPattern } from "./weak_passwords.ts";

/** NIST SP 800-63B-4, 3.1.1.2, and ASVS 5.0, V6.2: length counts, not composition. */
const MIN_LENGTH = 12;
/** Hashing longer input would waste time on strangers. */
const MAX_BYTES = 1024;

/** Personal words make weak passwords. */
export interface PasswordOwner {
  email: string;
  name: string;
  organisation: string;
}

/** NFKC, so that the same characters match whatever keyboard typed them (RFC 8265). */
export function normalizePassword(password: string): string {
  return password.normalize("NFKC");
}

/** As it came, before anything is computed of it, and as it is hashed. */
export function isTooLong(password: string): boolean {
  return password.length > MAX_BYTES || byteLength(password) > MAX_BYTES ||
    byteLength(normalizePassword(password)) > MAX_BYTES;
}

/** Why a password is too weak, or null. */
export function passwordProblem(password: string, owner: PasswordOwner): Omit<FieldError, "path"> | null {
  if (isTooLong(password)) return { code: "too_long", message: `Must have at most ${MAX_BYTES} bytes` };
  const text = normalizePassword(password);
  if ([...text].length < MIN_LENGTH) {
    return {
      code: "too_short",
      message: `Must have at least ${MIN_LENGTH} characters. A few words work well`,
    };
  }
  if (isPattern(text)) {
    return {
      code: "pattern",
      message: "Must not be a sequence or a repeated pattern. Try a few unrelated words",
    };
  }
  const personal = [owner.email, ...owner.email.split("@"), owner.name, owner.organisation, "servicehub"];
  const found = isCommon(text, personal);
  if (found === "personal") {
    return { code: "personal", message: "Must not be made of your name, email address or organisation" };
  }
  return found ? { code: "common", message: "Is too common. Choose another one" } : null;
}

/** @throws DomainError invalid, about `path`, for a password that is too short, too long, common, personal or breached */
export async function assertGoodPassword(
  request: RequestInfo,
  password: string,
  { owner, path = "password" }: { owner: PasswordOwner; path?: string },
): Promise<void> {
  const problem = passwordProblem(password, owner) ??
    (await request.services.breaches.isBreached(normalizePassword(password)) ? BREACHED : null);
  if (problem) throw new DomainError("invalid", undefined, { errors: [{ path, ...problem }] });
}

const BREACHED = { code: "breached", message: "Appeared in a data breach. Choose another one" };

/** Verified when there is no user, so that every path takes as long. */
export const DUMMY_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$0ZoshsLTllqJrRANCRMSwg$KGgzjzvjASJiZN76Quqr3oEEBRlrJq1jqY2YGiFXI9E";
