import { DomainError } from "@/domain/errors.ts";
import type { Incoming } from "./incoming.ts";

export interface Exchange {
  /** What the next step gets. A step may replace it. */
  request: Request;
  /** The path of the address as it came; "" where the address can't be read. */
  readonly path: string;
  readonly incoming: Incoming;
}

/** One thing that happens to every request: before `next()`, after it, or instead of it. */
export type Step = (exchange: Exchange, next: () => Promise<Response>) => Response | Promise<Response>;

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

/** May refuse by a DomainError: the request goes on without its body, to be answered by problem+json or an error page. */
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
