import { addressOfHost, maySendTo } from "./addresses.ts";

/** Names that exist only inside a network (RFC 6761, 6762, 8375, ICANN's "internal"). */
const INSIDE = /(?:^|\.)(?:localhost|local|internal|intranet|private|lan|home|corp|home\.arpa)$/;

/** Judged by its form; null if usable. The address is checked for each request. `allowPrivate` allows http too. */
export function urlProblem(text: string, { allowPrivate }: { allowPrivate: boolean }): string | null {
  if (!URL.canParse(text)) return "Must be an address such as https://example.com/hook";
  const url = new URL(text);
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:")) {
    return "Must start with https://";
  }
  if (url.username || url.password) return "Must not contain a user name or password";
  const host = url.hostname.replace(/\.+$/, "");
  const address = addressOfHost(host);
  if (allowPrivate) {
    return address === null || maySendTo(address, { allowPrivate })
      ? null
      : "Must be the address of a server";
  }
  // Low ports belong to mail servers, shells and the like.
  if (url.port !== "" && Number(url.port) < 1024) return "Must use port 443, or a port from 1024 up";
  if (address !== null) {
    return maySendTo(address, { allowPrivate }) ? null : "Must be a public address";
  }
  if (!host.includes(".") || INSIDE.test(host)) return "Must be a public host name";
  return null;
}
