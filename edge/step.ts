import { DomainError } from "@/domain/errors.ts";
import type { Incoming } from "./incoming.ts";

/** A request on its way through the steps. */
export interface Exchange {
  /** What the next step gets. A step may replace it. */
  request: Request;
  /** The path of the address as it came; "" where the address can't be read. */
  readonly path: string;
  readonly incoming: Incoming;
}

/** One thing that happens to every request: before `next()`, after it, or instead of it. */
export type Step = (exchange: Exchange, next: () => Promise<Response>) => Response | Promise<Response>;

/** Runs the steps in their order, each around those behind it, and `answer` behind the last. */
export async function runSteps(
  steps: readonly Step[],
  exchange: Exchange,
  answer: (exchange: Exchange) => Response | Promise<Response>,
): Promise<Response> {
  const from = async (at: number): Promise<Response> => {
    const step = steps[at];
    return step ? await step(exchange, () => from(at + 1)) : await answer(exchange);
  };
  return await from(0);
}

/**
 * A step that may refuse. A refused request goes on without its body and with the refusal attached, so that /v1 answers
 * problem+json and pages an error page; further checks are skipped.
 *
 * @param admit throws a DomainError to refuse
 */
export function check(admit: (exchange: Exchange) => void | Promise<void>): Step {
  return async (exchange, next) => {
    const { incoming, request } = exchange;
    if (incoming.refusal) return await next();
    try {
      await admit(exchange);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      incoming.refusal = error;
      exchange.request = new Request(request.url, { headers: request.headers });
    }
    return await next();
  };
}
