import { z } from "zod";

const bool = z.enum(["on", "off", "true", "false", "1", "0"]).transform((v) =>
  v === "on" || v === "true" || v === "1"
);
const list = z.string().transform((v) => v.split(",").map((s) => s.trim()).filter(Boolean));
const secrets = z.string().transform((v) => v.split(/[\s,]+/).filter(Boolean))
  .refine(
    (all) => all.every((one) => /^(?:whsec_)?[A-Za-z0-9+/]{32,88}={0,2}$/.test(one)),
    "must be secrets as whsec_ and base64",
  );
const url = z.url({ protocol: /^https?$/, error: "must be an http or https address" })
  .transform((v) => v.replace(/\/+$/, ""));

interface Setting<S extends z.ZodType> {
  schema: S;
  about: string;
  secret?: true;
}

function setting<S extends z.ZodType>(schema: S, about: string, secret?: true): Setting<S> {
  return secret ? { schema, about, secret } : { schema, about };
}

/** Every setting, by its environment variable. All are optional. The README's table has the same words. */
export const SETTINGS = {
  PORT: setting(z.coerce.number().int().min(0).max(65535).default(8000), "Port to listen on"),
  HOST: setting(z.string().default("127.0.0.1"), "Address to listen on. Use 0.0.0.0 to serve other machines"),
  PUBLIC_URL: setting(
    url.optional(),
    "Public address of the installation, used in links and the same-origin check (default: http://localhost:PORT)",
  ),
  DATA_DIR: setting(
    z.string().min(1).optional(),
    "Folder for the embedded database, emails and secrets (default: data/ in the project)",
  ),
  DATABASE_URL: setting(
    z.string().regex(/^postgres(ql)?:\/\//, "must start with postgres://")
      .refine((text) => URL.canParse(text), "must be an address, with special characters percent-encoded")
      .optional(),
    "An external PostgreSQL 18 (default: an embedded one in DATA_DIR)",
    true,
  ),
  REDIS_URL: setting(
    z.string().regex(/^rediss?:\/\//, "must start with redis:// or rediss://")
      .refine((text) => URL.canParse(text), "must be an address, with special characters percent-encoded")
      .optional(),
    "A Redis 7 shared by all instances, for rate limits and messages (default: limits per process, messages over DATABASE_URL)",
    true,
  ),
  SECRET_KEY: setting(
    z.string().min(32, "must have at least 32 characters").optional(),
    "Key that signs tokens (default: created once and stored in DATA_DIR with mode 0600)",
    true,
  ),
  SIGNUP: setting(
    z.enum(["open", "closed"]).optional(),
    "Who may register an organisation: open or closed (default: open until the first one exists)",
  ),
  MAIL_TRANSPORT: setting(
    z.enum(["console", "resend", "smtp"]).default("console"),
    "How emails are sent: smtp, resend, or console, which writes .eml files to DATA_DIR/mail",
  ),
  MAIL_FROM: setting(
    z.string().regex(/^(?:[^<>@]*<[^\s<>@]+@[a-z0-9.-]+>|[^\s<>@]+@[a-z0-9.-]+)$/i, "must be an address")
      .default("ServiceHub <servicehub@localhost>"),
    "Sender of emails. Organisations put their own name before its address",
  ),
  RESEND_API_KEY: setting(z.string().optional(), "API key for Resend", true),
  RESEND_BASE_URL: setting(url.default("https://api.resend.com"), "Base URL of Resend's API"),
  SMTP_URL: setting(
    z.string().regex(/^smtps?:\/\//, "must start with smtp:// or smtps://")
      .refine((text) => URL.canParse(text), "must be an address, with special characters percent-encoded")
      .optional(),
    "Mail server with user and password: smtps://user:password@host (smtp:// uses STARTTLS)",
    true,
  ),
  INBOUND_DOMAIN: setting(
    z.hostname("must be a domain").toLowerCase().optional(),
    "Domain for received emails, so that people can reply by email",
  ),
  REPLY_ADDRESS_DAYS: setting(
    z.coerce.number().int().min(1).max(1825).default(180),
    "Days for which people can reply to an email, counted from when it was sent and from when its ticket was closed",
  ),
  // Resend receives by Amazon SES, in any region; AWS documents the verdicts but not this name.
  INBOUND_AUTHSERV_ID: setting(
    list.default(["amazonses.com"]),
    "Names under which the receiving mail server writes Authentication-Results, comma-separated (default: Resend's)",
  ),
  RESEND_WEBHOOK_SECRET: setting(
    secrets.default([]),
    "Signing secrets of Resend's webhooks, comma-separated for rotation (default: no events are accepted)",
    true,
  ),
  BLOB_STORE: setting(
    z.enum(["file", "s3"]).default("file"),
    "Where attachments are stored: file for DATA_DIR/blobs, s3 for an S3-compatible store",
  ),
  S3_ENDPOINT: setting(url.optional(), "Address of the S3-compatible store, without the bucket"),
  S3_BUCKET: setting(z.string().regex(/^[\w.-]{3,63}$/, "must be a bucket's name").optional(), "Bucket name"),
  S3_REGION: setting(z.string().default("us-east-1"), "Region"),
  S3_ACCESS_KEY_ID: setting(z.string().optional(), "Access key ID"),
  S3_SECRET_ACCESS_KEY: setting(z.string().optional(), "Secret access key", true),
  MAX_ATTACHMENT_MIB: setting(
    z.coerce.number().int().min(1).max(1024).default(25),
    "Maximum file size in MiB",
  ),
  ATTACHMENT_QUOTA_MIB: setting(
    z.coerce.number().int().min(0).default(10_240),
    "Maximum total size of an organisation's files in MiB, unless the organisation has its own limit",
  ),
  UPLOAD_SHARE_MIB: setting(
    z.coerce.number().int().min(1).default(512),
    "Maximum total size of one person's uploads that nothing uses yet in MiB. They are removed after an hour",
  ),
  HIBP: setting(bool.default(false), "Check new passwords against the Have I Been Pwned range API"),
  HIBP_BASE_URL: setting(url.default("https://api.pwnedpasswords.com"), "Base URL of that API"),
  TRUSTED_PROXIES: setting(
    list.default([]),
    "Addresses of proxies whose X-Forwarded-For is trusted, comma-separated",
  ),
  CORS_ORIGINS: setting(list.default([]), "Origins that may call /v1 from a browser, comma-separated"),
  ALLOW_PRIVATE_WEBHOOKS: setting(
    bool.default(false),
    "Allow webhooks to private addresses and over http, for tests and intranets",
  ),
  LOG_LEVEL: setting(
    z.enum(["debug", "info", "warn", "error"]).default("info"),
    "Minimum log level",
  ),
  LOG_FORMAT: setting(
    z.enum(["json", "text"]).optional(),
    "json for one JSON object per line, text for people (default: text on a terminal, otherwise json)",
  ),
  DEV_PAGES: setting(bool.default(false), "Show a preview of every email at /dev/mails, for development"),
  RATE_LIMIT_SCALE: setting(
    z.coerce.number().positive().default(1),
    "Factor for all rate limits, for load tests",
  ),
} as const;

type Values = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]["schema"]> };

export interface Config extends Omit<Values, "PUBLIC_URL" | "DATA_DIR" | "LOG_FORMAT"> {
  LOG_FORMAT: "json" | "text";
  PUBLIC_URL: string;
  DATA_DIR: string;
}

export class ConfigError extends Error {}

/** Empty strings count as unset. @throws ConfigError naming every variable that is wrong */
export function readConfig(
  env: Record<string, string | undefined> = Deno.env.toObject(),
  defaults: Record<string, string> = {},
): Config {
  const values: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const parsed = schema.safeParse(env[name] || defaults[name]);
    if (parsed.success) values[name] = parsed.data;
    else wrong.push(`${name}: ${parsed.error.issues.map((i) => i.message).join(", ")}`);
  }
  if (values.BLOB_STORE === "s3") {
    const needed = ["S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"];
    wrong.push(...needed.filter((name) => !values[name]).map((name) => `${name}: needed with BLOB_STORE=s3`));
  }
  for (const [transport, name] of [["resend", "RESEND_API_KEY"], ["smtp", "SMTP_URL"]] as const) {
    if (values.MAIL_TRANSPORT !== transport) continue;
    if (!values[name]) wrong.push(`${name}: needed with MAIL_TRANSPORT=${transport}`);
  }
  if (wrong.length > 0) throw new ConfigError(`Cannot start: wrong setting: ${wrong.join("; ")}`);
  const checked = values as Values;
  return Object.freeze({
    ...checked,
    LOG_FORMAT: checked.LOG_FORMAT ?? (Deno.stderr.isTerminal() ? "text" : "json"),
    PUBLIC_URL: checked.PUBLIC_URL ?? `http://localhost:${checked.PORT}`,
    DATA_DIR: checked.DATA_DIR ? absolute(checked.DATA_DIR) : `${import.meta.dirname}/data`,
  });
}

function absolute(path: string): string {
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}
