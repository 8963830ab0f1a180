/** All errors of the API: codes are stable. */
export const ERRORS = {
  bad_request: { status: 400, title: "The request can't be read" },
  unauthenticated: { status: 401, title: "Sign in first" },
  invalid_credentials: { status: 401, title: "Email or password is wrong" },
  bad_signature: { status: 401, title: "The signature isn't valid" },
  forbidden: { status: 403, title: "You may not do this" },
  cross_origin: { status: 403, title: "The request came from another site" },
  signup_closed: { status: 403, title: "Registration is closed" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  stale_version: { status: 409, title: "Someone else changed this in the meantime" },
  conflict: { status: 409, title: "This conflicts with something that already exists" },
  precondition_failed: { status: 412, title: "Someone else changed this in the meantime" },
  too_large: { status: 413, title: "The request is too large" },
  unsupported_media_type: { status: 415, title: "The content type isn't supported" },
  invalid: { status: 422, title: "Some fields are not valid" },
  illegal_transition: { status: 422, title: "The ticket can't change to that status" },
  key_reused: { status: 422, title: "The idempotency key belongs to another request" },
  version_required: { status: 428, title: "Say which version the change is based on" },
  rate_limited: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "The service is busy or restarting" },
  insufficient_storage: { status: 507, title: "There is not enough storage space" },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** `path` as in the JSON body, with dots; "" for the whole. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

export interface ErrorFacts {
  errors?: FieldError[];
  /** The current resource, for a stale version. */
  current?: unknown;
  /** For an illegal transition. */
  allowed?: readonly string[];
  /** In seconds. */
  retryAfter?: number;
  cause?: unknown;
}

/** Becomes problem+json or an error page. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly status: (typeof ERRORS)[ErrorCode]["status"];
  readonly title: string;
  readonly facts: Omit<ErrorFacts, "cause">;

  /** @param detail for the user; no secrets, no SQL */
  constructor(code: ErrorCode, detail?: string, { cause, ...facts }: ErrorFacts = {}) {
    super(detail ?? ERRORS[code].title, cause === undefined ? undefined : { cause });
    this.name = "DomainError";
    this.code = code;
    this.status = ERRORS[code].status;
    this.title = ERRORS[code].title;
    this.facts = facts;
  }
}

export function invalidField(path: string, code: string, message: string): DomainError {
  return new DomainError("invalid", undefined, { errors: [{ path, code, message }] });
}

/** The same for unknown ids and those of other tenants, which must not be told apart. */
export function unknownId(path: string): DomainError {
  return invalidField(path, "unknown_id", "Doesn't exist, or you may not use it");
}

export function rateLimited(seconds: number, reason = ""): DomainError {
  const [count, unit] = seconds < 120 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  const when = `Try again in ${count} ${unit}${count === 1 ? "" : "s"}`;
  return new DomainError("rate_limited", reason ? `${reason}. ${when}` : when, { retryAfter: seconds });
}
