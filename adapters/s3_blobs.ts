import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsClient } from "aws4fetch";
import { DomainError } from "@/domain/errors.ts";
import type { BlobStore } from "@/ports.ts";
import { assertKey, fullDisk, isKey, writeAll } from "./blob_writing.ts";

export interface S3Options {
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  spool: string;
  pageSize?: number;
}

const TRIES = 3;
const TIMEOUT_MS = 60_000;

/** Spools uploads to disk first: then length and hash can be signed (AWS Signature Version 4), and a try repeated. */
export function createS3Blobs(options: S3Options): BlobStore {
  const { accessKeyId, secretAccessKey, region, pageSize = 1000 } = options;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: TRIES - 1 });
  const base = `${options.endpoint}/${options.bucket}`;
  const urlOf = (key: string) => {
    assertKey(key);
    return `${base}/${key}`;
  };
  async function ask(method: string, url: string): Promise<Response> {
    const response = await client.fetch(url, { method, signal: AbortSignal.timeout(TIMEOUT_MS) })
      .catch((error) => {
        throw away(error);
      });
    if (response.ok || response.status === 404) return response;
    throw refused(method, response.status, await response.text());
  }
  return {
    async put(key, source) {
      const url = urlOf(key);
      await using spooled = await spoolFile(options.spool);
      const stored = await writeAll(spooled.file, source).catch((error) => {
        throw fullDisk(error);
      });
      const headers = {
        "content-length": String(stored.size),
        "content-type": "application/octet-stream",
        "x-amz-content-sha256": stored.sha256,
      };
      for (let left = TRIES;; left--) {
        try {
          const signed = await client.sign(url, { method: "PUT", headers });
          await spooled.file.seek(0, Deno.SeekMode.Start);
          await send(url, { ...Object.fromEntries(signed.headers), ...headers }, spooled.file);
          return stored;
        } catch (error) {
          if (left === 1 || !(error instanceof DomainError)) throw error;
        }
      }
    },
    async open(key) {
      const response = await ask("GET", urlOf(key));
      if (response.status === 404 || !response.body) {
        await response.body?.cancel();
        return null;
      }
      return { body: response.body, size: Number(response.headers.get("content-length")) };
    },
    async remove(key) {
      await (await ask("DELETE", urlOf(key))).body?.cancel();
    },
    async *tenants() {
      for await (const xml of pages("delimiter=%2F")) {
        for (const prefix of values(xml, "Prefix")) if (prefix !== "") yield prefix.replace(/\/$/, "");
      }
    },
    async *list(tenantId) {
      for await (const xml of pages(`prefix=${encodeURIComponent(`${tenantId}/`)}`)) {
        const times = values(xml, "LastModified");
        for (const [i, key] of values(xml, "Key").entries()) {
          if (isKey(key)) yield { key, at: new Date(times[i]!) };
        }
      }
    },
  };

  async function* pages(query: string): AsyncGenerator<string> {
    let token: string | undefined = "";
    while (token !== undefined) {
      const next: string = token && `&continuation-token=${encodeURIComponent(token)}`;
      const xml = await (await ask("GET", `${base}?list-type=2&max-keys=${pageSize}&${query}${next}`)).text();
      yield xml;
      token = values(xml, "NextContinuationToken")[0];
    }
  }
}

async function spoolFile(folder: string): Promise<AsyncDisposable & { file: Deno.FsFile }> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const path = `${folder}/${crypto.randomUUID()}`;
  const file = await Deno.open(path, { read: true, write: true, createNew: true, mode: 0o600 });
  const unlinked = await Deno.remove(path).then(() => true, () => false);
  return {
    file,
    async [Symbol.asyncDispose]() {
      file.close();
      if (!unlinked) await Deno.remove(path);
    },
  };
}

/** Sends a file with Content-Length, which fetch doesn't do for a stream. */
async function send(url: string, headers: Record<string, string>, file: Deno.FsFile): Promise<void> {
  const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(url, { method: "PUT", headers });
  request.setTimeout(TIMEOUT_MS, () => request.destroy(new Error("The store is silent")));
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => text += part).on("error", reject)
        .on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
  answered.catch(() => {});
  const answer = await Promise.all([answered, pipeline(Readable.from(chunksOf(file)), request)])
    .then(([answer]) => answer, (error) => {
      throw away(error);
    });
  if (answer.status !== 200) throw refused("PUT", answer.status, answer.text);
}

async function* chunksOf(file: Deno.FsFile): AsyncGenerator<Uint8Array> {
  while (true) {
    const chunk = new Uint8Array(64 * 1024);
    const size = await file.read(chunk);
    if (size === null) return;
    yield chunk.subarray(0, size);
  }
}

function away(cause: unknown): DomainError {
  return new DomainError("unavailable", "The file store doesn't answer: try again in a moment", {
    retryAfter: 5,
    cause,
  });
}

function refused(method: string, status: number, text: string): Error {
  const cause = new Error(`Cannot ${method} at the S3 store: ${status} ${values(text, "Code")[0] ?? ""}`);
  if (status === 507 || /StorageFull|QuotaExceeded/.test(text)) {
    return new DomainError("insufficient_storage", "The file store of this desk is full", { cause });
  }
  return status >= 500 || status === 429 ? away(cause) : cause;
}

/** The texts of the elements of one name, in a listing whose names we made ourselves. */
function values(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text]) =>
    text!.replaceAll("&amp;", "&")
  );
}
