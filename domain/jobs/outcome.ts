/** Waits between attempts, in seconds; after the last attempt a job is dead until an admin retries it (REL-05). */
export const BACK_OFF = [5, 60, 300, 1_800, 7_200, 18_000, 43_200, 86_400] as const;

/** Thrown by a handler that was told when to retry, as by `Retry-After`. */
export class RetryAfter extends Error {
  /** Least time to wait. */
  readonly seconds: number;

  constructor(message: string, { seconds, cause }: { seconds: number; cause?: unknown }) {
    super(message, { cause });
    this.seconds = seconds;
  }
}

/** Thrown by a handler when a retry would fail as well. */
export class PermanentFailure extends Error {}

/** What becomes of a job: `ready` is another attempt after `wait` seconds, `back` isn't counted as an attempt: untried, or to go on. */
export interface JobOutcome {
  state: "done" | "ready" | "dead" | "back";
  wait: number;
  /** Shown to admins: the error, or why nothing was done. */
  note: string | null;
}

/** Waits are up to 10% longer than the table says, so that jobs that failed together aren't retried together. */
export function outcomeOfFailure(
  error: unknown,
  { attempts, maxAttempts }: { attempts: number; maxAttempts: number },
): JobOutcome {
  const note = (error instanceof Error ? error.message : "Unknown error").slice(0, 500);
  const wait = BACK_OFF[attempts - 1] ?? BACK_OFF.at(-1)!;
  if (error instanceof PermanentFailure || attempts >= maxAttempts) return { state: "dead", wait: 0, note };
  const least = error instanceof RetryAfter ? Math.min(Math.max(0, error.seconds), BACK_OFF.at(-1)!) : 0;
  return { state: "ready", wait: Math.max(wait, least) * (1 + Math.random() / 10), note };
}
