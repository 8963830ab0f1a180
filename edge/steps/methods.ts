import { DomainError } from "@/domain/errors.ts";
import { check } from "@/edge/step.ts";

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export const allowMethods = check(({ request }) => {
  if (!METHODS.includes(request.method)) throw new DomainError("method_not_allowed");
});
