import { createHmac, hkdfSync } from "node:crypto";
import type { Config } from "@/config.ts";
import type { Secrets } from "@/ports.ts";

export interface SecretKeys extends Secrets {
  /** Identifies the key without revealing it: 32 hex digits, stored in the database. */
  fingerprint: string;
  /** A secret for `label`, such as a database role's password: 43 characters of base64url. */
  derive(label: string): string;
}

/** SECRET_KEY, or `DATA_DIR/secret_key`, made at first use with mode 0600. @throws Deno.errors of that file */
export async function readSecretKey(config: Pick<Config, "SECRET_KEY" | "DATA_DIR">): Promise<string> {
  if (config.SECRET_KEY) return config.SECRET_KEY;
  const path = `${config.DATA_DIR}/secret_key`;
  await Deno.mkdir(config.DATA_DIR, { recursive: true });
  const known = await readKey(path);
  if (known) return known;
  const key = crypto.getRandomValues(new Uint8Array(32)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  const draft = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(draft, key + "\n", { mode: 0o600, createNew: true });
  try {
    // Linking is atomic, and never overwrites the key of a process that starts at the same time.
    await Deno.link(draft, path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  } finally {
    await Deno.remove(draft);
  }
  return await readKey(path) ?? key;
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    const key = (await Deno.readTextFile(path)).trim();
    if (key.length < 32) throw new Error(`Cannot use "${path}": a secret key has at least 32 characters`);
    const { mode } = await Deno.stat(path);
    if (mode !== null && (mode & 0o077) !== 0) await Deno.chmod(path, 0o600);
    return key;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** One 256-bit key per purpose, by HKDF-SHA-256 (RFC 5869). */
export function createSecrets(secretKey: string): SecretKeys {
  const keys = new Map<string, Uint8Array>();
  function keyFor(info: string): Uint8Array {
    let key = keys.get(info);
    if (!key) keys.set(info, key = new Uint8Array(hkdfSync("sha256", secretKey, "servicehub", info, 32)));
    return key;
  }
  return {
    sign: (purpose, text) => createHmac("sha256", keyFor(`sign:${purpose}`)).update(text).digest("base64url"),
    fingerprint: keyFor("fingerprint").toHex().slice(0, 32),
    derive: (label) => keyFor(`derive:${label}`).toBase64({ alphabet: "base64url", omitPadding: true }),
  };
}

/** What opens the doors of the database (db/door.ts); of this installation, like everything that follows from its key. */
export function doorSecretOf(secrets: SecretKeys): string {
  return secrets.derive("database door");
}
