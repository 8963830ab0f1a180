import { translated } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { log } from "@/log.ts";
import type { Incoming } from "./incoming.ts";

export function asDomainError(thrown: unknown, incoming: Incoming): DomainError {
  const error = translated(thrown);
  if (error instanceof DomainError) {
    if (error.status >= 500) log("warn", error.title, { requestId: incoming.requestId, error: error.cause });
    return error;
  }
  log("error", "Unexpected error", { requestId: incoming.requestId, error });
  return new DomainError("internal", "Please report the request ID to your administrator", {
    cause: error,
  });
}
