/**
 * Argon2 password hashes (RFC 9106) in PHC string format, computed off the main thread.
 * @module
 */
import * as native from "@node-rs/argon2";
import { Argon2Error, Argon2ErrorType } from "./error.ts";

export { Argon2Error, Argon2ErrorType };

/** Fewest bytes a salt may have. */
export const MIN_SALT_SIZE = 8;

/** Which Argon2; `Argon2id` is the one for passwords. */
export enum Variant {
  Argon2i = "argon2i",
  Argon2d = "argon2d",
  Argon2id = "argon2id",
}

/** Version of the algorithm; `V13` (19, hexadecimal 13) is the current one. */
export enum Version {
  V10 = "16",
  V13 = "19",
}

/** What shapes a hash. */
// deno-lint-ignore ban-types
export interface HashOptions<T extends {} = {}> {
  /** At least `MIN_SALT_SIZE` bytes; random when left out. */
  salt: Uint8Array;
  /** Key that is needed to verify as well, and isn't stored in the hash. */
  secret: Uint8Array;
  /** Associated data. Not covered: `hash` rejects. */
  data: T;
  variant: Variant;
  version: Version;
  /** KiB. */
  memoryCost: number;
  /** Passes over the memory. */
  timeCost: number;
  /** Degree of parallelism. */
  lanes: number;
  /** Bytes. */
  hashLength: number;
}

const DEFAULTS = {
  variant: Variant.Argon2id,
  version: Version.V13,
  memoryCost: 19456,
  timeCost: 2,
  lanes: 1,
  hashLength: 32,
};

// The library declares its enums `const`, which can't be read across modules; these are their documented numbers.
const ALGORITHMS = {
  [Variant.Argon2d]: 0,
  [Variant.Argon2i]: 1,
  [Variant.Argon2id]: 2,
};
const VERSIONS = { [Version.V10]: 0, [Version.V13]: 1 };

/** Returns the version of the package's API. */
export function version(): string {
  return "3.0.5";
}

/**
 * Hashes a password; resolves to a PHC string (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`).
 * Rejects with an `Argon2Error` when the password isn't a string, the salt is too short, or a cost is out of range.
 */
export async function hash(
  password: string,
  options: Partial<HashOptions> = {},
): Promise<string> {
  if (typeof password !== "string") {
    throw invalid("Cannot hash password: it is not a string");
  }
  if (options.data !== undefined) {
    throw invalid("Cannot hash password: associated data is not supported");
  }
  const salt = options.salt ?? crypto.getRandomValues(new Uint8Array(16));
  if (salt.length < MIN_SALT_SIZE) {
    throw invalid(
      `Cannot hash password: salt has ${salt.length} bytes, fewer than ${MIN_SALT_SIZE}`,
    );
  }
  const { variant, version, memoryCost, timeCost, lanes, hashLength } = {
    ...DEFAULTS,
    ...options,
  };
  try {
    return await native.hash(password, {
      algorithm: ALGORITHMS[variant],
      version: VERSIONS[version],
      memoryCost,
      timeCost,
      parallelism: lanes,
      outputLen: hashLength,
      salt,
      ...(options.secret && { secret: options.secret }),
    });
  } catch (error) {
    throw new Argon2Error(
      Argon2ErrorType.Native,
      "Cannot hash password: native library refused",
      error,
    );
  }
}

/**
 * Tells whether the password (and secret, if one was used) belongs to the PHC string. The costs are read from the string.
 * Rejects with an `Argon2Error` when `hash` isn't a PHC string of Argon2.
 */
export async function verify(
  hash: string,
  password: string,
  secret?: Uint8Array,
  additionalData?: unknown,
): Promise<boolean> {
  if (additionalData !== undefined) {
    throw invalid("Cannot verify password: associated data is not supported");
  }
  try {
    return await native.verify(hash, password, secret && { secret });
  } catch (error) {
    throw new Argon2Error(
      Argon2ErrorType.Native,
      "Cannot verify password: native library refused",
      error,
    );
  }
}

function invalid(message: string): Argon2Error {
  return new Argon2Error(Argon2ErrorType.InvalidInput, message);
}
