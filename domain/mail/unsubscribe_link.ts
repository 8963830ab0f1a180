import { isUuid } from "@/db/door.ts";
import { isSame } from "@/domain/shared/tokens.ts";
import type { Services } from "@/ports.ts";
import { type Kind, KINDS } from "@/domain/notifications/kinds.ts";

/** Which e-mails a link turns off, and whose. */
export interface Unsubscription {
  tenantId: string;
  userId: string;
  kind: Kind;
}

/** Where one kind of e-mail is turned off without signing in; it opens nothing else, and doesn't expire. */
export function unsubscribeUrl(services: Services, of: Unsubscription): string {
  const named = [of.tenantId, of.userId, of.kind].join(".");
  return `${services.config.PUBLIC_URL}/unsubscribe/${named}.${services.secrets.sign("unsubscribe", named)}`;
}

/** What a token of such a link names; null when its form or signature is wrong. */
export function readUnsubscription({ secrets }: Services, token: string): Unsubscription | null {
  const [tenantId = "", userId = "", name, mac = "", more] = token.split(".");
  const kind = KINDS.find((each) => each === name);
  if (!kind || more !== undefined || !isUuid(tenantId) || !isUuid(userId)) return null;
  return isSame(mac, secrets.sign("unsubscribe", [tenantId, userId, kind].join(".")))
    ? { tenantId, userId, kind }
    : null;
}
