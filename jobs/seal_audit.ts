import { type AuditSeal, sealAudit, tenantsToSeal } from "@/domain/audit/seal.ts";
import { act, type RequestInfo } from "@/domain/cx.ts";
import { log } from "@/log.ts";

/**
 * Seals the audit log of every organisation that has rows to seal, a transaction a seal. The log of the process says
 * which seal was the last: kept elsewhere, it shows when the end of an audit log was cut off.
 *
 * @returns how many organisations were sealed
 */
export async function sealAudits(request: RequestInfo): Promise<number> {
  let sealed = 0;
  for (const tenantId of await tenantsToSeal()) {
    let last: AuditSeal | null = null;
    try {
      for (let more = true; more;) {
        const made = await act(
          request,
          { kind: "system", tenantId },
          (cx) => sealAudit(cx, last ?? undefined),
        );
        last = made ?? last;
        more = made?.full ?? false;
      }
    } catch (error) {
      log("error", "Audit log not sealed", { tenantId, error });
    }
    if (!last) continue;
    log("info", "Audit log sealed", { tenantId, seal: last.number, mac: last.mac });
    sealed++;
  }
  return sealed;
}
