import ipaddr from "ipaddr.js";

/** Global unicast (IANA IPv6 Address Space): nothing else is reachable from everywhere. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Not link-local, and yet the host that knows the machine's secrets: Azure's, AWS's by IPv6, Alibaba's. */
const METADATA = new Set(["168.63.129.16", "fd00:ec2::254", "100.100.100.200"]);

/**
 * Whether an IP address is one of the public internet, as IANA's registries of special addresses have it: not loopback,
 * private, link-local, shared (CGNAT), multicast, reserved, of a cloud's metadata, or an IPv4 address in disguise
 * (mapped, 6to4, NAT64, Teredo).
 *
 * @param address as a resolver gives it; anything else is not public
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast" || METADATA.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_V6);
}

/**
 * Whether an IP address may be sent to: a public one, or where addresses inside the network are allowed, any but those
 * that lead to what a cloud knows of the machine, or to nowhere in particular (link-local, unspecified).
 */
export function maySendTo(address: string, { allowPrivate }: { allowPrivate: boolean }): boolean {
  if (!allowPrivate) return isPublicAddress(address);
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return !["linkLocal", "unspecified"].includes(parsed.range()) && !METADATA.has(parsed.toString());
}

/** Whether the host of a URL is an address: then no resolver is asked. @returns it without brackets, or null */
export function addressOfHost(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(bare) && (bare.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(bare))
    ? bare
    : null;
}
