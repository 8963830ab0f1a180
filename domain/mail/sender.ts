import type { Config } from "@/config.ts";

/** Who sends all mail of an installation. */
export interface Sender {
  address: string;
  /** What stands behind the address's @; the Message-IDs end with it. */
  domain: string;
}

/** The sender's address, of `Name <address>` or an address alone. */
export function senderOf({ MAIL_FROM }: Pick<Config, "MAIL_FROM">): Sender {
  const address = /<([^<>]+)>\s*$/.exec(MAIL_FROM)?.[1] ?? MAIL_FROM.trim();
  return { address, domain: address.slice(address.lastIndexOf("@") + 1).toLowerCase() };
}
