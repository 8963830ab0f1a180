import type { Step } from "@/edge/step.ts";
import { METHODS } from "./methods.ts";

/** Replaces the answer of what knows nothing of refusals, such as static files, to a refused request. */
export const replaceUnrefused: Step = async ({ incoming: { refusal } }, next) => {
  const response = await next();
  if (!refusal) return response;
  let answer = response;
  if (response.status < 400) {
    await response.body?.cancel();
    answer = new Response(refusal.title, { status: refusal.status });
  }
  if (refusal.code === "method_not_allowed") answer.headers.set("allow", METHODS.join(", "));
  return answer;
};
