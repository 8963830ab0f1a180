import { sealAudit, tenantsToSeal } from "../domain/audit/seal.ts";
import { act, type RequestInfo } from "../domain/cx.ts";
import { log } from "../log.ts";

/**
 * Seals the audit log of every organisation that has rows to seal, a transaction each. The log of the process says
 * which seal was the last: kept elsewhere, it shows when the end of an audit log was cut off.
 *
 * @returns how many organisations were sealed
 */
export async function sealAudits(request: RequestInfo): Promise<number> {
  let sealed = 0;
  for (const tenantId of await tenantsToSeal()) {
    try {
      const seal = await act(request, { kind: "system", tenantId }, sealAudit);
      if (!seal) continue;
      log("info", "Audit log sealed", { tenantId, seal: seal.number, mac: seal.mac });
      sealed++;
    } catch (error) {
      log("error", "Audit log not sealed", { tenantId, error });
    }
  }
  return sealed;
}
