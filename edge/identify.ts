import type { Services } from "@/ports.ts";
import { clientAddress } from "./client.ts";
import type { Incoming } from "./incoming.ts";

const REQUEST_ID = /^[\w.-]{8,64}$/;

export function identify(request: Request, info: Deno.ServeHandlerInfo, services: Services): Incoming {
  const given = request.headers.get("x-request-id") ?? "";
  const peer = info.remoteAddr.transport === "tcp" ? info.remoteAddr.hostname : "";
  return {
    requestId: REQUEST_ID.test(given) ? given : crypto.randomUUID(),
    ip: clientAddress(request, peer, services.config),
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 300),
    services,
  };
}
