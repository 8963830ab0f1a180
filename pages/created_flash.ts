import type { UserCx } from "@/domain/cx.ts";

/** Promises emails only where they are sent. */
export function createdFlash(cx: UserCx, key: string): string {
  return `${key} has been created${cx.services.mail.delivers ? ". We'll email you updates" : ""}`;
}
