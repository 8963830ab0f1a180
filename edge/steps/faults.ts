import type { Step } from "@/edge/step.ts";
import { log } from "@/log.ts";

export const answerFaults: Step = async ({ incoming }, next) => {
  try {
    return await next();
  } catch (error) {
    log("error", "Request failed outside the app", { requestId: incoming.requestId, error });
    return new Response("Something went wrong on our side", { status: 500 });
  }
};
