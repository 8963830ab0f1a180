import { setCookie } from "@std/http/cookie";
import { assertRole } from "@/domain/permissions.ts";
import { actAsUser, type Claim } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { type KeptAnswer, once } from "@/domain/idempotency.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import { type Incoming, incomingOf } from "@/edge/incoming.ts";
import { claimOf } from "./claim.ts";
import { baseOf, parseInput, readInput } from "./input.ts";
import { withoutReadOnly } from "./known_input.ts";
import type { FindReader } from "./readers.ts";
import { readAgain } from "./repeats.ts";
import type { AnyOperation, Base, Http, Operation, PublicOperation, Reply } from "./operation.ts";
import { limit } from "./limits.ts";
import { problemResponse } from "./problem.ts";
import { runUpload } from "./uploads.ts";

/**
 * Answers a request to an operation: claimed identity, rate limit, body, then one transaction with role, schema and use
 * case.
 *
 * @param params path parameters, decoded
 * @param find finds what reads a resource
 */
export async function answer(
  operation: AnyOperation,
  request: Request,
  params: Record<string, string>,
  find: FindReader = () => undefined,
): Promise<Response> {
  const incoming = incomingOf(request);
  const headers = new Headers({ "cache-control": "no-store" });
  let response: Response;
  try {
    if (incoming.refusal) throw incoming.refusal;
    const signed = operation.access === "public" && operation.signed;
    const claim = signed ? null : claimOf(request, incoming, isStreamed(operation, request));
    // Signing senders send in bursts: only the limit of their network applies.
    if (!signed) await limit(incoming, claim, headers);
    response = operation.access === "public"
      ? await answerPublic(operation, request, params, { incoming, claim, headers })
      : await answerUser(operation, request, params, { incoming, claim, find });
  } catch (error) {
    response = problemResponse(error, request, incoming);
  }
  // Append, because Set-Cookie may repeat.
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}

const NO_BASE: Base = { version: 0, by: "body" };

interface Around {
  incoming: Incoming;
  claim: Claim | null;
  headers: Headers;
}

async function answerUser(
  operation: Operation,
  request: Request,
  params: Record<string, string>,
  { incoming, claim, find }: Omit<Around, "headers"> & { find: FindReader },
): Promise<Response> {
  if (!claim) throw new DomainError("unauthenticated");
  if (operation.upload) {
    const keep = (reply: Reply) => kept(operation, reply);
    return responseOf(await runUpload(operation, request, params, { incoming, claim, find, keep }));
  }
  if (isStreamed(operation, request)) return await answerStream(operation, request, { incoming, claim });
  if (operation.first) {
    await actAsUser(incoming, claim, async (cx) => {
      assertRole(cx, operation.roles);
      await operation.first!(cx);
    });
  }
  if (operation.download) return await answerDownload(operation, request, params, { incoming, claim });
  const raw = await readInput(operation, request, params);
  const key = operation.creates ? request.headers.get("idempotency-key") : null;
  const { pathname: path } = new URL(request.url);
  const changes = operation.method === "patch" || operation.method === "put";
  let by = "body" as Base["by"];
  try {
    const answer = await actAsUser(incoming, claim, async (cx) => {
      assertRole(cx, operation.roles);
      const base = operation.versioned ? baseOf(request, raw.body) : NO_BASE;
      by = base?.by ?? by;
      const body = await withoutReadOnly(cx, operation, changes ? find(path) : undefined, { ...raw, base });
      const parsed = parseInput(operation, { ...raw, body });
      if (!base) throw new DomainError("version_required", "Send If-Match, or version in the body");
      const input = { ...parsed, base, files: [] } as Parameters<Operation["run"]>[1];
      const work = async () => kept(operation, await operation.run(cx, input));
      const answer = key === null
        ? await work()
        : await once(cx, { key, route: `${operation.method} ${path}`, body: raw.bytes }, {
          work,
          again: (kept) => readAgain(cx, operation, find, kept),
        });
      if (!operation.reveal) return answer;
      return { ...answer, body: JSON.stringify(operation.reveal(cx, JSON.parse(answer.body))) };
    });
    return responseOf(answer);
  } catch (error) {
    // A stale If-Match is 412, a stale version in the body 409. The use case can't tell which it was.
    if (by === "header" && error instanceof DomainError && error.code === "stale_version") {
      throw new DomainError("precondition_failed", undefined, error.facts);
    }
    throw error;
  }
}

/** Sends the file after the transaction, so that a slow reader holds no connection. */
async function answerDownload(
  operation: Operation,
  request: Request,
  params: Record<string, string>,
  { incoming, claim }: { incoming: Incoming; claim: Claim },
): Promise<Response> {
  const raw = await readInput(operation, request, params);
  const { send } = await actAsUser(incoming, claim, async (cx) => {
    assertRole(cx, operation.roles);
    return await operation.run(cx, { ...parseInput(operation, raw), base: NO_BASE, files: [] });
  });
  return await send!(request);
}

function isStreamed(operation: AnyOperation, request: Request): boolean {
  return operation.access === "user" && operation.stream !== undefined && request.method === "GET" &&
    /\btext\/event-stream\b/i.test(request.headers.get("accept") ?? "");
}

/** Authorises the listener in a transaction, and opens the stream after it. */
async function answerStream(
  operation: Operation,
  request: Request,
  { incoming, claim }: { incoming: Incoming; claim: Claim },
): Promise<Response> {
  const raw = await readInput(operation, request, {});
  const lastEventId = request.headers.get("last-event-id") || undefined;
  const open = await actAsUser(incoming, claim, async (cx) => {
    assertRole(cx, operation.roles);
    return await operation.stream!(cx, { query: parseInput(operation, raw).query, lastEventId });
  });
  // Keeps proxies from buffering events.
  return new Response(open(), {
    headers: { "content-type": "text/event-stream", "x-accel-buffering": "no" },
  });
}

async function answerPublic(
  operation: PublicOperation,
  request: Request,
  params: Record<string, string>,
  { incoming, claim, headers }: Around,
): Promise<Response> {
  const bytes = operation.signed ? new Uint8Array(await request.arrayBuffer()) : new Uint8Array();
  const input = operation.signed
    ? { params: {}, query: {}, body: undefined }
    : parseInput(operation, await readInput(operation, request, params));
  const cookies = cookiesOf(request);
  const http: Http = {
    claim,
    bytes,
    headers: request.headers,
    cookie: (name) => cookies[name],
    setCookie: (cookie) => setCookie(headers, cookie),
  };
  return responseOf(kept(operation, await operation.run(incoming, input as never, http)));
}

function kept(operation: AnyOperation, reply: Reply): KeptAnswer {
  const headers = { ...reply.headers };
  const version = (reply.body as { version?: unknown } | null | undefined)?.version;
  if (typeof version === "number") headers.etag = `"${version}"`;
  if (reply.body === undefined) return { status: reply.status ?? operation.status, headers, body: "" };
  headers["content-type"] = "application/json";
  return { status: reply.status ?? operation.status, headers, body: JSON.stringify(reply.body) };
}

function responseOf(answer: KeptAnswer): Response {
  return new Response(answer.body === "" ? null : answer.body, {
    status: answer.status,
    headers: answer.headers,
  });
}
