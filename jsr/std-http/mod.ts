/**
 * Cookies, status codes and server-sent events: the part of JSR's `@std/http` that needs only the platform.
 * @module
 */
export * from "./cookie.ts";
export * from "./status.ts";
export * from "./server_sent_event_stream.ts";
