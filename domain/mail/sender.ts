import type { Config } from "@/config.ts";

export interface Sender {
  name: string;
  address: string;
  /** Also the domain of Message-IDs. */
  domain: string;
}

/** The sender from `Name <address>` or a bare address. */
export function senderOf({ MAIL_FROM }: Pick<Config, "MAIL_FROM">): Sender {
  const address = /<([^<>]+)>\s*$/.exec(MAIL_FROM)?.[1] ?? MAIL_FROM.trim();
  const name = /^([^<]*)</.exec(MAIL_FROM)?.[1]?.replaceAll('"', "").trim() || "ServiceHub";
  return { name, address, domain: address.slice(address.lastIndexOf("@") + 1).toLowerCase() };
}
