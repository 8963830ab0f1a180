/** Where the mail provider sends its events, under /v1. */
export const PROVIDER_EVENTS = "/webhooks/resend";

/** Their senders sign the body; cookies and tokens count for nothing. */
export const SIGNED_PATHS: ReadonlySet<string> = new Set([`/v1${PROVIDER_EVENTS}`]);
