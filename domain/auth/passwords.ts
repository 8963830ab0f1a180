import type { FieldError } from "@/domain/errors.ts";
import { DomainError } from "@/domain/errors.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import { isCommon, isPattern } from "./weak_passwords.ts";

/** NIST SP 800-63B-4, 3.1.1.2, and ASVS 5.0, V6.2: length counts, composition doesn't. */
const MIN_LENGTH = 12;
/** Longer is refused with a clear message: hashing is no place to spend what a stranger sends. */
const MAX_BYTES = 1024;

/** Who the password is for: none of it makes a good password. */
export interface PasswordOwner {
  email: string;
  name: string;
  organisation: string;
}

/** The form that is hashed: NFKC, so that every keyboard's way to type the same characters fits (RFC 8265). */
export function normalizePassword(password: string): string {
  return password.normalize("NFKC");
}

/** Whether a password is longer than any that can be set; then there is nothing to verify. */
export function isTooLong(password: string): boolean {
  return new TextEncoder().encode(normalizePassword(password)).length > MAX_BYTES;
}

/** What speaks against a password as far as this program knows by itself, or null. */
export function passwordProblem(password: string, owner: PasswordOwner): Omit<FieldError, "path"> | null {
  const text = normalizePassword(password);
  if (isTooLong(password)) return { code: "too_long", message: `Must have at most ${MAX_BYTES} bytes` };
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

/**
 * Refuses a new password that is too short, too long, common, personal or known to be breached.
 *
 * @param path the field that the error is about
 * @throws DomainError invalid
 */
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

/** An argon2id hash that no password fits: verified where there is no user, so that every path costs the same. */
export const DUMMY_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$0ZoshsLTllqJrRANCRMSwg$KGgzjzvjASJiZN76Quqr3oEEBRlrJq1jqY2YGiFXI9E";
