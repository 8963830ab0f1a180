import type { Services } from "@/ports.ts";
import { attach } from "./incoming.ts";
import { identify } from "./identify.ts";
import { runSteps, type Step } from "./step.ts";
import {
  boundAddresses,
  dropPartial,
  dropTrailingSlash,
  refuseLongAddresses,
  refuseUnreadable,
  refuseUnreadablePaths,
} from "./steps/address.ts";
import { readBodies } from "./steps/bodies.ts";
import { guardCompression } from "./steps/compression.ts";
import { countRequests } from "./steps/count.ts";
import { dropDirectionMarks } from "./steps/direction_marks.ts";
import { answerFaults } from "./steps/faults.ts";
import { requireKnownHost } from "./steps/host.ts";
import { logRequests } from "./steps/log.ts";
import { allowMethods } from "./steps/methods.ts";
import { limitNetwork } from "./steps/network_limit.ts";
import { replaceUnrefused } from "./steps/refusals.ts";
import { requireSameOrigin } from "./steps/same_origin.ts";
import { setHeaders } from "./steps/security_headers.ts";

type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

/**
 * What happens to every request, outermost first. To add a step: write `edge/steps/<name>.ts` with its test in
 * `tests/edge/`, and put it in this list where it belongs. Whatever answers by itself stands behind `answerFaults`, so
 * that its answer is logged and gets the headers; whatever refuses with an error page is a `check`.
 */
const STEPS: readonly Step[] = [
  countRequests,
  logRequests,
  guardCompression,
  setHeaders,
  dropDirectionMarks,
  answerFaults,
  refuseUnreadable,
  limitNetwork,
  requireKnownHost,
  refuseUnreadablePaths,
  refuseLongAddresses,
  boundAddresses,
  dropTrailingSlash,
  dropPartial,
  allowMethods,
  requireSameOrigin,
  readBodies,
  replaceUnrefused,
];

/** @param app gets a refused request without its body, and has to show the refusal */
export function edge(services: Services, app: Handler): Handler {
  return async (request, info) => {
    const incoming = identify(request, info, services);
    const path = URL.canParse(request.url) ? new URL(request.url).pathname : "";
    return await runSteps(STEPS, { request, path, incoming }, (exchange) => {
      attach(exchange.request, incoming);
      return app(exchange.request, info);
    });
  };
}
