import { type AuditSeal, sealAudit, tenantsToSeal } from "@/domain/audit/seal.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";
import { roundRobin } from "./round_robin.ts";

/** The last seal is logged: kept elsewhere, it shows when a log was cut off. @returns how many organisations were sealed */
export async function sealAudits(request: RequestInfo, signal: AbortSignal): Promise<number> {
  const last = new Map<string, AuditSeal>();
  await roundRobin(await tenantsToSeal(), {
    job: "seal audit logs",
    signal,
    batch: async (tenantId) => {
      const before = last.get(tenantId);
      const made = await act(request, { kind: "system", tenantId }, (cx) => sealAudit(cx, before));
      // Only what is committed counts.
      if (made) last.set(tenantId, made);
      return { done: made ? 1 : 0, more: made?.full ?? false };
    },
  });
  for (const [tenantId, { number, mac }] of last) {
    log("info", "Audit log sealed", { tenantId, seal: number, mac });
  }
  return last.size;
}
