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

/** One environment variable: how it is read, what holds when it is unset, and what it is for. */
interface Setting<S extends z.ZodType> {
  schema: S;
  about: string;
  secret?: true;
}

function setting<S extends z.ZodType>(schema: S, about: string, secret?: true): Setting<S> {
  return secret ? { schema, about, secret } : { schema, about };
}

/** Every setting of ServiceHub, by its environment variable. All are optional. The README's table is generated from this. */
export const SETTINGS = {
  PORT: setting(z.coerce.number().int().min(0).max(65535).default(8000), "Port to listen on"),
  HOST: setting(z.string().default("127.0.0.1"), "Address to listen on; 0.0.0.0 to serve other machines"),
  PUBLIC_URL: setting(
    url.optional(),
    "The address people open, used in links and for the same-origin check (unset: http://localhost:PORT)",
  ),
  DATA_DIR: setting(
    z.string().min(1).optional(),
    "Folder for the embedded database, mails and secrets (unset: data/ in the project)",
  ),
  DATABASE_URL: setting(
    z.string().regex(/^postgres(ql)?:\/\//, "must start with postgres://")
      .refine((text) => URL.canParse(text), "must be an address, with special characters percent-encoded")
      .optional(),
    "An external PostgreSQL 18 (unset: an embedded one in DATA_DIR)",
    true,
  ),
  REDIS_URL: setting(
    z.string().regex(/^rediss?:\/\//, "must start with redis:// or rediss://")
      .refine((text) => URL.canParse(text), "must be an address, with special characters percent-encoded")
      .optional(),
    "A Redis 7 that instances share, for limits and messages (unset: own limits, messages over DATABASE_URL)",
    true,
  ),
  SECRET_KEY: setting(
    z.string().min(32, "must have at least 32 characters").optional(),
    "Key that signs tokens (unset: made once, kept in DATA_DIR with mode 0600)",
    true,
  ),
  SIGNUP: setting(
    z.enum(["open", "closed"]).optional(),
    "Who may register an organisation (unset: open until the first exists)",
  ),
  MAIL_TRANSPORT: setting(
    z.enum(["console", "resend", "smtp"]).default("console"),
    "How e-mail leaves: console writes .eml files to DATA_DIR/mail",
  ),
  MAIL_FROM: setting(
    z.string().regex(/^(?:[^<>@]*<[^\s<>@]+@[a-z0-9.-]+>|[^\s<>@]+@[a-z0-9.-]+)$/i, "must be an address")
      .default("ServiceHub <servicehub@localhost>"),
    "Sender of e-mails; organisations put their own name before its address",
  ),
  RESEND_API_KEY: setting(z.string().optional(), "Key for Resend", true),
  RESEND_BASE_URL: setting(url.default("https://api.resend.com"), "Where its API is"),
  SMTP_URL: setting(
    z.string().regex(/^smtps?:\/\//, "must start with smtp:// or smtps://")
      .refine((text) => URL.canParse(text), "must be an address, with special characters percent-encoded")
      .optional(),
    "The mail server, with user and password: smtps://user:password@host (smtp:// uses STARTTLS)",
    true,
  ),
  INBOUND_DOMAIN: setting(
    z.hostname("must be a domain").toLowerCase().optional(),
    "Domain whose mail is received for us: then people can answer e-mails",
  ),
  RESEND_WEBHOOK_SECRET: setting(
    secrets.default([]),
    "Signing secrets of Resend's webhooks, comma-separated: each is good, so that they can be changed (unset: no events)",
    true,
  ),
  BLOB_STORE: setting(
    z.enum(["file", "s3"]).default("file"),
    "Where attachments are kept: file is DATA_DIR/blobs, s3 an S3-compatible store",
  ),
  S3_ENDPOINT: setting(url.optional(), "Address of the S3-compatible store, without the bucket"),
  S3_BUCKET: setting(z.string().regex(/^[\w.-]{3,63}$/, "must be a bucket's name").optional(), "Its bucket"),
  S3_REGION: setting(z.string().default("us-east-1"), "Its region"),
  S3_ACCESS_KEY_ID: setting(z.string().optional(), "Key id for it"),
  S3_SECRET_ACCESS_KEY: setting(z.string().optional(), "Secret for it", true),
  MAX_ATTACHMENT_MIB: setting(z.coerce.number().int().min(1).max(1024).default(25), "Most MiB of one file"),
  ATTACHMENT_QUOTA_MIB: setting(
    z.coerce.number().int().min(0).default(10_240),
    "Most MiB of an organisation's files together, where its own row has no other number",
  ),
  HIBP: setting(bool.default(false), "Check new passwords against the Have I Been Pwned range API"),
  HIBP_BASE_URL: setting(url.default("https://api.pwnedpasswords.com"), "Where that API is"),
  TRUSTED_PROXIES: setting(
    list.default([]),
    "Addresses of proxies whose X-Forwarded-For is believed, comma-separated",
  ),
  CORS_ORIGINS: setting(list.default([]), "Origins that may call /v1 from a browser, comma-separated"),
  ALLOW_PRIVATE_WEBHOOKS: setting(
    bool.default(false),
    "Let webhooks go to addresses inside your network and over http, for tests and intranets",
  ),
  LOG_LEVEL: setting(
    z.enum(["debug", "info", "warn", "error"]).default("info"),
    "Least level that is logged",
  ),
  LOG_FORMAT: setting(
    z.enum(["json", "text"]).optional(),
    "json: one JSON object a line; text: for people (unset: text on a terminal, else json)",
  ),
  DEV_PAGES: setting(bool.default(false), "Show every e-mail at /dev/mails, for who works on them"),
  RATE_LIMIT_SCALE: setting(
    z.coerce.number().positive().default(1),
    "Factor on all rate limits, for load tests",
  ),
} as const;

type Values = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]["schema"]> };

/** What the process runs with: every setting, checked, with the ones that follow from others filled in. */
export interface Config extends Omit<Values, "PUBLIC_URL" | "DATA_DIR" | "LOG_FORMAT"> {
  LOG_FORMAT: "json" | "text";
  PUBLIC_URL: string;
  /** Absolute path. */
  DATA_DIR: string;
}

/** Thrown when a setting is wrong; the message names each variable and what is wrong with it. */
export class ConfigError extends Error {}

/**
 * Reads and checks the configuration.
 *
 * @param env variables by name; empty strings count as unset
 * @param defaults what holds for variables that are unset, before the settings' own defaults
 * @returns the whole configuration, frozen
 * @throws ConfigError naming every variable that is wrong
 */
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
