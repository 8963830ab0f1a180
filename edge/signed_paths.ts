/** Where the mail provider sends its events, under /v1. */
export const PROVIDER_EVENTS = "/webhooks/resend";

/**
 * Paths whose senders sign the body, and where cookies and tokens count for nothing. The operations take their paths
 * from here.
 */
export const SIGNED_PATHS: ReadonlySet<string> = new Set([`/v1${PROVIDER_EVENTS}`]);
