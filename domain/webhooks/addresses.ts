import ipaddr from "ipaddr.js";

/** Global unicast (IANA IPv6 Address Space). */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Metadata services that aren't link-local: Azure's, AWS's over IPv6, Alibaba's. */
const METADATA = new Set(["168.63.129.16", "fd00:ec2::254", "100.100.100.200"]);

/**
 * By IANA's special-purpose registries: not loopback, private, link-local, shared (CGNAT), multicast, reserved, a metadata
 * service, or an embedded IPv4 address (mapped, 6to4, NAT64, Teredo). Anything but an address isn't public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast" || METADATA.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_V6);
}

/** Public addresses only, or with `allowPrivate` any but metadata services, link-local and unspecified ones. */
export function maySendTo(address: string, { allowPrivate }: { allowPrivate: boolean }): boolean {
  if (!allowPrivate) return isPublicAddress(address);
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return !["linkLocal", "unspecified"].includes(parsed.range()) && !METADATA.has(parsed.toString());
}

/** @returns the host of a URL without brackets if it is an IP address, else null */
export function addressOfHost(hostname: string): string | null {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(bare) && (bare.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(bare))
    ? bare
    : null;
}
