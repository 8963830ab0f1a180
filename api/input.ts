import { DomainError, invalidField } from "@/domain/errors.ts";
import { z } from "zod";
import { boundBody, boundMarks } from "@/domain/shared/marks.ts";
import { parse, version as Version } from "@/domain/validation.ts";
import { isSafe } from "@/edge/client.ts";
import { parseKnown, withoutServerFields } from "./known_input.ts";
import type { AnyOperation, Base } from "./operation.ts";

/** Deeper JSON is refused before it is parsed, because recursion over it costs stack. */
const MAX_DEPTH = 32;
const Versioned = z.object({ version: Version });
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The parts of a request, unvalidated. */
export interface RawInput {
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  body: unknown;
  bytes: Uint8Array;
}

/**
 * Reads the parts of a request without validating them.
 *
 * @throws DomainError unsupported_media_type, or bad_request for a body that isn't JSON or nests too deep
 */
export async function readInput(
  operation: AnyOperation,
  request: Request,
  params: Record<string, string>,
): Promise<RawInput> {
  const query: RawInput["query"] = {};
  const search = request.url.indexOf("?");
  if (search >= 0) {
    for (const [name, value] of new URLSearchParams(request.url.slice(search + 1))) {
      const before = query[name];
      query[name] = before === undefined
        ? value
        : Array.isArray(before)
        ? [...before, value]
        : [before, value];
    }
  }
  if (isSafe(request.method)) {
    if (request.body !== null || !/^0*$/.test(request.headers.get("content-length") ?? "")) throw bodyOfGet();
    return { params, query, body: undefined, bytes: new Uint8Array() };
  }
  if (operation.access === "user" && operation.upload) {
    return { params, query, body: undefined, bytes: new Uint8Array() };
  }
  const bytes = new Uint8Array(await request.arrayBuffer());
  const type = request.headers.get("content-type") ?? "";
  if (bytes.length > 0 && !/^application\/(json|[\w.-]+\+json)\b/i.test(type)) {
    throw new DomainError("unsupported_media_type", "Send application/json");
  }
  return { params, query, body: bytes.length > 0 ? parseJson(bytes) : {}, bytes };
}

function bodyOfGet(): DomainError {
  return invalidField("", "unknown_field", "A GET takes no body. Send filters in the query, as ?status=open");
}

/** Parses every part by the operation's schemas. @throws DomainError invalid, also for what they don't know */
export function parseInput(operation: AnyOperation, raw: RawInput) {
  return {
    params: operation.params && parse(operation.params, raw.params),
    query: parseKnown(operation.query, raw.query),
    body: raw.body === undefined
      ? undefined
      : parseKnown(operation.body, withoutServerFields(operation, raw.body), operation.elsewhere),
  };
}

/**
 * The version a change is based on: If-Match (RFC 9110, 13.1.1), or else `version` in the body; null when both are missing.
 *
 * @throws DomainError invalid when the body's isn't a version
 */
export function baseOf(request: Request, body: unknown): Base | null {
  const header = request.headers.get("if-match");
  const tag = header && /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim());
  if (tag) return { version: Number(tag[1]), by: "header" };
  if (header !== null) throw new DomainError("precondition_failed", 'If-Match takes one ETag, such as "3"');
  const version = (body as { version?: unknown } | null)?.version;
  if (version !== undefined && typeof version !== "number") {
    throw invalidField("version", "invalid_type", "Must be a number");
  }
  return version === undefined ? null : { ...parse(Versioned, { version }), by: "body" };
}

/** Parses a body as JSON. @throws DomainError bad_request for a body that isn't JSON or nests too deep */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
    if (nestsDeeper(text, MAX_DEPTH)) {
      throw new DomainError("bad_request", `JSON may nest at most ${MAX_DEPTH} levels deep`);
    }
    const body: unknown = JSON.parse(text);
    // An escape may hide a mark, or half a surrogate pair.
    return text.includes("\\u") || boundMarks(text) !== text ? boundBody(body) : body;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("bad_request", "The body isn't valid JSON", { cause: error });
  }
}

function nestsDeeper(text: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > most) return true;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return false;
}
