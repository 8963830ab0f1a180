import type { Config } from "./config.ts";

export interface RateLimiter {
  /** @returns whether there was one, how many are left, and the seconds until more come */
  take(key: string, budget: Budget): Promise<Taken>;
  /** Gives the budget of `key` back, as after a good sign-in. */
  clear(key: string): Promise<void>;
}

export interface Taken {
  allowed: boolean;
  limit: number;
  remaining: number;
  resetSeconds: number;
}

export interface Budget {
  limit: number;
  windowSeconds: number;
}

/** Makes and checks password hashes, off the event loop, a few at a time. */
export interface PasswordHasher {
  /** @returns an argon2id hash in PHC format */
  hash(password: string): Promise<string>;
  /** Does exactly one verification. @returns whether it fits, and whether the hash is weaker than new ones */
  verify(hash: string, password: string): Promise<{ ok: boolean; weak: boolean }>;
}

export interface BreachCheck {
  isBreached(password: string): Promise<boolean>;
}

export interface Mail {
  /** The outbox id: providers take it as their idempotency key. */
  id: string;
  tenantId: string;
  fromName: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Of this message, with its angle brackets (RFC 5322). The same at every attempt. */
  messageId: string;
  /** Message-ID of the conversation this belongs to. */
  thread?: string;
  replyTo?: string;
  /** Files that come with it; made for it when it is sent. */
  attachments?: MailAttachment[];
  /** Where this kind of mail is turned off by one POST (RFC 8058); mails that always come have none. */
  unsubscribeUrl?: string;
}

export interface MailAttachment {
  /** Letters, digits, dots and hyphens. */
  name: string;
  /** Such as `application/pdf`. */
  type: string;
  content: Uint8Array;
}

export interface SentMail {
  providerId: string | null;
}

export interface MailTransport {
  /** Whether mails reach people: then links are never shown on screen. */
  delivers: boolean;
  /** The same id again is the same mail. @throws GiveUp when it will never be taken, TryLater when it is known when */
  send(mail: Mail, options?: { signal?: AbortSignal }): Promise<SentMail>;
  close(): void;
}

/** `size` is in bytes, `sha256` in hex. */
export interface StoredBlob {
  size: number;
  sha256: string;
}

/** Where the bytes of attachments lie. A key is `<tenant id>/<uuid>`. */
export interface BlobStore {
  /** All of `source`, durably, or nothing. @throws DomainError insufficient_storage, unavailable, or what `source` throws */
  put(key: string, source: AsyncIterable<Uint8Array>): Promise<StoredBlob>;
  /** What lies under a key, to be read to its end or cancelled; null when there is nothing. */
  open(key: string): Promise<{ body: ReadableStream<Uint8Array<ArrayBuffer>>; size: number } | null>;
  remove(key: string): Promise<void>;
  tenants(): AsyncIterable<string>;
  /** Everything of a tenant, unfinished files too, with the time it was last written. */
  list(tenantId: string): AsyncIterable<{ key: string; at: Date }>;
}

export type SecretPurpose =
  | "access"
  | "refresh"
  | "reset"
  | "invitation"
  | "cursor"
  | "device"
  | "audit"
  | "reply"
  | "unsubscribe"
  | "confirm"
  | "webhook";

export interface Secrets {
  /** HMAC-SHA-256 of `text` under the key of `purpose`, as base64url. */
  sign(purpose: SecretPurpose, text: string): string;
}

/** What processes tell each other: that there are jobs, that an organisation has events, who is present, what changed. */
export type BusTopic = "jobs" | "events" | "presence" | "cache";

export interface Bus {
  /** Tells all, this process too, at most once. May be lost: who listens polls as well. Never throws, never waits. */
  publish(topic: BusTopic, message: string): void;
  /** @returns how to stop listening */
  subscribe(topic: BusTopic, listener: (message: string) => void): () => void;
  state(): { over: "process" | "postgresql" | "redis"; up: boolean };
  close(): Promise<void>;
}

export interface ConfigPlace {
  tenantId: string;
  version: number;
}

/** How often the cache had what was asked for, and what it holds, in bytes of JSON. */
export interface CacheStats {
  hits: number;
  misses: number;
  bytes: number;
}

/** Keeps configuration by its version, so what it returns is never stale. Neither call waits for anything. */
export interface ConfigCache {
  /** @returns the value, frozen; undefined when it isn't kept */
  get(place: ConfigPlace, key: string): unknown;
  put(place: ConfigPlace, key: string, value: unknown): void;
  stats(): CacheStats;
}

export interface WebhookRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface WebhookAnswer {
  status: number;
  /** The first KiB of it, as text. */
  body: string;
  /** What `Retry-After` asks for, in seconds; null where it asks for nothing. */
  retryAfter: number | null;
}

/** Sends to servers that customers name, and so to none inside our own network. */
export interface WebhookSender {
  /** Once; a redirect is an answer. @throws Error, in words for the admin, when it may not be sent or no answer came */
  send(request: WebhookRequest, options: { signal: AbortSignal }): Promise<WebhookAnswer>;
}

export interface ReceivedMails {
  /** The raw mail by its provider's id. @throws GiveUp when it is gone or too large, TryLater, or an error that passes */
  read(id: string, options: { signal: AbortSignal }): Promise<Uint8Array>;
}

/** Made once by serve.ts (or a test) and handed down. */
export interface Services {
  config: Config;
  limiter: RateLimiter;
  passwords: PasswordHasher;
  breaches: BreachCheck;
  mail: MailTransport;
  received: ReceivedMails;
  secrets: Secrets;
  blobs: BlobStore;
  webhooks: WebhookSender;
  bus: Bus;
  configCache: ConfigCache;
  /** Tells the workers that there are jobs, of any kind unless one is named. */
  wake(kind?: string): void;
}
