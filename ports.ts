import type { Config } from "./config.ts";

/** A limit on how often something may happen, counted by key. */
export interface RateLimiter {
  /**
   * Takes one from the budget of `key`.
   *
   * @returns whether it was there, how many are left, and the seconds until more come
   */
  take(key: string, budget: Budget): Promise<Taken>;
  /** Gives the budget of `key` back, as after a good sign-in. */
  clear(key: string): Promise<void>;
}

/** What became of a take. */
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

/** Tells whether a password is known to attackers. */
export interface BreachCheck {
  isBreached(password: string): Promise<boolean>;
}

/** An e-mail as it leaves. */
export interface Mail {
  /** The outbox id: providers take it as their idempotency key. */
  id: string;
  /** Whose mail it is; it comes back in what a provider tells of it. */
  tenantId: string;
  /** The sender's name as people read it: the organisation's. */
  fromName: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Of this message, with its angle brackets (RFC 5322). The same at every attempt. */
  messageId: string;
  /** Message-ID of the conversation this belongs to. */
  thread?: string;
  /** Where an answer goes. */
  replyTo?: string;
  /** Where this kind of mail is turned off by one POST (RFC 8058); mails that always come have none. */
  unsubscribeUrl?: string;
}

/** What became of an e-mail that was handed over. */
export interface SentMail {
  /** What the provider calls it, if it told. */
  providerId: string | null;
}

export interface MailTransport {
  /** Whether mails reach people: then links are never shown on screen. */
  delivers: boolean;
  /**
   * Hands a mail over; the same id again is the same mail.
   *
   * @throws GiveUp when it will never be taken, TryLater when it is known when; any other error may be tried again
   */
  send(mail: Mail, options?: { signal?: AbortSignal }): Promise<SentMail>;
  /** Ends what connections are kept. */
  close(): void;
}

/** A file as it was stored. */
export interface StoredBlob {
  /** In bytes. */
  size: number;
  /** SHA-256 of the bytes, in hex. */
  sha256: string;
}

/** Where the bytes of attachments lie. A key is `<tenant id>/<uuid>`. */
export interface BlobStore {
  /**
   * Stores what `source` gives; nothing of it is there until all of it is, durably.
   *
   * @throws DomainError insufficient_storage or unavailable, or what `source` throws, and then nothing is left behind
   */
  put(key: string, source: AsyncIterable<Uint8Array>): Promise<StoredBlob>;
  /** What lies under a key, to be read to its end or cancelled; null when there is nothing. */
  open(key: string): Promise<{ body: ReadableStream<Uint8Array<ArrayBuffer>>; size: number } | null>;
  /** Removes what lies under a key, if anything does. */
  remove(key: string): Promise<void>;
  /** The tenants that have anything here. */
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

/** Keys derived from SECRET_KEY, one a purpose. */
export interface Secrets {
  /** HMAC-SHA-256 of `text` under the key of `purpose`, as base64url. */
  sign(purpose: SecretPurpose, text: string): string;
}

/** What processes tell each other: that there are jobs, that an organisation has events, who is present, what changed. */
export type BusTopic = "jobs" | "events" | "presence" | "cache";

/** Messages to every process of the installation. */
export interface Bus {
  /** Tells all, this process too, at most once. May be lost: who listens polls as well. Never throws, never waits. */
  publish(topic: BusTopic, message: string): void;
  /** @returns how to stop listening */
  subscribe(topic: BusTopic, listener: (message: string) => void): () => void;
  /** What carries messages between processes, and whether it does at this moment. */
  state(): { over: "process" | "postgresql" | "redis"; up: boolean };
  close(): Promise<void>;
}

/** Which configuration: of one organisation, in one version. */
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
  /** Keeps a value that JSON can hold. */
  put(place: ConfigPlace, key: string, value: unknown): void;
  stats(): CacheStats;
}

/** A message to somebody's server, signed. */
export interface WebhookRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What the server said to it. */
export interface WebhookAnswer {
  status: number;
  /** The first KiB of it, as text. */
  body: string;
  /** What `Retry-After` asks for, in seconds; null where it asks for nothing. */
  retryAfter: number | null;
}

/** Sends to servers that customers name, and so to none inside our own network. */
export interface WebhookSender {
  /**
   * Sends a message by POST, once; a redirect is an answer like any other.
   *
   * @throws Error, with words for the admin, when it may not be sent there or no answer came
   */
  send(request: WebhookRequest, options: { signal: AbortSignal }): Promise<WebhookAnswer>;
}

/** Mails that came for us, as the provider keeps them. */
export interface ReceivedMails {
  /**
   * A mail as it was received, with all its headers.
   *
   * @param id what the provider calls it
   * @throws GiveUp when it is gone or too large, TryLater, or another error that passes
   */
  read(id: string, options: { signal: AbortSignal }): Promise<Uint8Array>;
}

/** The outside world, made once by serve.ts (or a test) and handed down. */
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
