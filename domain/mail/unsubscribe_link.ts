import { isUuid } from "@/db/door.ts";
import { isSame } from "@/domain/shared/tokens.ts";
import type { Services } from "@/ports.ts";
import { NOTIFICATION_KINDS, type NotificationKind } from "@/domain/notifications/kinds.ts";

/** One kind of email about tickets, or one scheduled report. */
export type UnsubscribeTarget =
  & { tenantId: string; userId: string }
  & ({ kind: NotificationKind } | { savedReportId: string });

const REPORT = "report-";

/** The link that turns off one kind of email without signing in; it allows nothing else and never expires. */
export function unsubscribeUrl(services: Services, of: UnsubscribeTarget): string {
  const named = [of.tenantId, of.userId, "kind" in of ? of.kind : REPORT + of.savedReportId].join(".");
  return `${services.config.PUBLIC_URL}/unsubscribe/${named}.${services.secrets.sign("unsubscribe", named)}`;
}

/** @returns null when the form or signature is wrong */
export function readUnsubscribeToken({ secrets }: Services, token: string): UnsubscribeTarget | null {
  const [tenantId = "", userId = "", name = "", mac = "", more] = token.split(".");
  const of = targetOf(name);
  if (!of || more !== undefined || !isUuid(tenantId) || !isUuid(userId)) return null;
  return isSame(mac, secrets.sign("unsubscribe", [tenantId, userId, name].join(".")))
    ? { tenantId, userId, ...of }
    : null;
}

function targetOf(name: string): { kind: NotificationKind } | { savedReportId: string } | null {
  const kind = NOTIFICATION_KINDS.find((each) => each === name);
  if (kind) return { kind };
  const savedReportId = name.startsWith(REPORT) ? name.slice(REPORT.length) : "";
  return isUuid(savedReportId) ? { savedReportId } : null;
}
