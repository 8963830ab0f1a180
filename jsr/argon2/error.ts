/** What kind of thing went wrong. */
export enum Argon2ErrorType {
  /** A permission is missing. */
  UnmeetPermission = "UnmeetPermission",
  /** An argument isn't usable. */
  InvalidInput = "InvalidInput",
  /** The native library refused. */
  Native = "Native",
}

/** The error that `hash` and `verify` reject with. */
export class Argon2Error extends Error {
  readonly type: Argon2ErrorType;
  readonly originalError?: unknown;

  /** `originalError` is what the native library threw, if it did. */
  constructor(type: Argon2ErrorType, message: string, originalError?: unknown) {
    super(message);
    this.type = type;
    this.originalError = originalError;
    this.name = `Argon2Error(${type})`;
  }
}
