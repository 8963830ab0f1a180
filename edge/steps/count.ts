import type { Step } from "@/edge/step.ts";

let underWay = 0;

/** How many requests this process is answering; a stream counts until it begins. */
export function requestsUnderWay(): number {
  return underWay;
}

export const countRequests: Step = async (_exchange, next) => {
  underWay++;
  try {
    return await next();
  } finally {
    underWay--;
  }
};
