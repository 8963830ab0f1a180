import { DomainError } from "@/domain/errors.ts";
import type { Config } from "@/config.ts";
import { withoutTokens } from "@/domain/shared/links.ts";
import type { Services } from "@/ports.ts";
import { log } from "@/log.ts";
import { readBody } from "./body.ts";
import { clientAddress, isSafe, isSameOrigin } from "./client.ts";
import { limitAddress } from "./limits.ts";
import { setSecurityHeaders } from "./headers.ts";
import { takesFiles } from "./upload.ts";
import { attach, type Incoming } from "./incoming.ts";

let underWay = 0;

/** How many requests this process is answering; a stream counts until it begins. */
export function requestsUnderWay(): number {
  return underWay;
}

type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Who calls this signs the body; nobody is known there by a cookie. */
const SIGNED_PATH = "/v1/webhooks/resend";
const REQUEST_ID = /^[\w.-]{8,64}$/;

/**
 * What happens to every request, before and after whoever answers it: request id, client address, the body read whole,
 * the same-origin proof of cookie-bearing unsafe requests, security headers, one line in the log.
 *
 * @param handler the app; a refused request reaches it without its body, with the refusal to show
 */
export function edge(services: Services, handler: Handler): Handler {
  return async (original, info) => {
    underWay++;
    try {
      return await answer(original, info, { services, handler });
    } finally {
      underWay--;
    }
  };
}

async function answer(
  original: Request,
  info: Deno.ServeHandlerInfo,
  { services, handler }: { services: Services; handler: Handler },
): Promise<Response> {
  const started = performance.now();
  const given = original.headers.get("x-request-id") ?? "";
  const incoming: Incoming = {
    requestId: REQUEST_ID.test(given) ? given : crypto.randomUUID(),
    ip: clientAddress(original, peerOf(info), services.config),
    userAgent: (original.headers.get("user-agent") ?? "").slice(0, 300),
    services,
  };
  // A Host header of nonsense leaves no address that anything could be found at.
  if (!URL.canParse(original.url)) return unreadable(incoming);
  const request = await admit(original, incoming);
  attach(request, incoming);
  let response: Response;
  try {
    response = await handler(request, info);
  } catch (error) {
    log("error", "Request failed outside the app", { requestId: incoming.requestId, error });
    response = new Response("Something went wrong on our side", { status: 500 });
  }
  const { pathname } = new URL(original.url);
  const sent = mutable(await refused(response, incoming));
  setSecurityHeaders(sent, { path: pathname, config: services.config });
  sent.headers.set("x-request-id", incoming.requestId);
  log("info", "request", {
    requestId: incoming.requestId,
    method: original.method,
    path: withoutTokens(pathname),
    status: sent.status,
    ms: Math.round((performance.now() - started) * 10) / 10,
    ip: incoming.ip,
  });
  return sent;
}

function unreadable({ requestId, services }: Incoming): Response {
  const response = new Response("The address can't be read", { status: 400 });
  setSecurityHeaders(response, { path: "/", config: services.config });
  response.headers.set("x-request-id", requestId);
  log("info", "request", { requestId, status: 400 });
  return response;
}

async function admit(original: Request, incoming: Incoming): Promise<Request> {
  try {
    await limitAddress(incoming);
    if (!METHODS.has(original.method)) throw new DomainError("method_not_allowed");
    if (isSafe(original.method)) return original;
    if (!mayChangeThings(original, incoming.services.config)) throw new DomainError("cross_origin");
    if (!original.body) return original;
    // Files go past, straight to the store, once it is known who sends them: see upload.ts.
    if (takesFiles(original)) return original;
    const body = await readBody(original);
    return new Request(original.url, { method: original.method, headers: original.headers, body });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    incoming.refusal = error;
    return new Request(original.url, { headers: original.headers });
  }
}

/** Files and health checks know nothing of refusals: what they answered to a refused request is replaced. */
async function refused(response: Response, { refusal }: Incoming): Promise<Response> {
  if (!refusal) return response;
  let answer = response;
  if (response.status < 400) {
    await response.body?.cancel();
    answer = new Response(refusal.title, { status: refusal.status });
  }
  if (refusal.code === "method_not_allowed") answer.headers.set("allow", [...METHODS].join(", "));
  return answer;
}

/**
 * A browser says where a request comes from: from elsewhere it may change nothing, unless it carries a token that no
 * browser adds by itself. What carries cookies has to say so. Pages take no token, so there it proves nothing.
 */
function mayChangeThings(request: Request, config: Config): boolean {
  const { pathname } = new URL(request.url);
  if (pathname === SIGNED_PATH) return true;
  if (pathname.startsWith("/v1/")) {
    if (request.headers.has("authorization")) return true;
    // A program of an allowed origin signs in; without cookies there is nobody it could act for.
    const origin = request.headers.get("origin") ?? "";
    if (!request.headers.has("cookie") && config.CORS_ORIGINS.includes(origin)) return true;
  }
  const says = ["cookie", "sec-fetch-site", "origin"].some((name) => request.headers.has(name));
  return !says || isSameOrigin(request, config);
}

function peerOf(info: Deno.ServeHandlerInfo): string {
  return info.remoteAddr.transport === "tcp" ? info.remoteAddr.hostname : "";
}

/** Answers made by fetch or Response.redirect have headers that can't be set. */
function mutable(response: Response): Response {
  try {
    response.headers.delete("x-request-id");
    return response;
  } catch {
    return new Response(response.body, response);
  }
}
