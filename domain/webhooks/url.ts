import { addressOfHost, maySendTo } from "./addresses.ts";

/** Names that only mean something inside a network (RFC 6761, 6762, 8375, ICANN's "internal"). */
const INSIDE = /(?:^|\.)(?:localhost|local|internal|intranet|private|lan|home|corp|home\.arpa)$/;

/**
 * Why nothing may be sent to a URL, by its form alone; null when it may. Where its name leads to is looked at anew each
 * time something is sent.
 *
 * @param allowPrivate whether addresses inside the network, and http, are allowed (ALLOW_PRIVATE_WEBHOOKS)
 */
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
  // Below are the ports of mail, shells and databases' neighbours: nothing there takes webhooks.
  if (url.port !== "" && Number(url.port) < 1024) return "Must use port 443, or a port from 1024 up";
  if (address !== null) {
    return maySendTo(address, { allowPrivate }) ? null : "Must be a public address";
  }
  if (!host.includes(".") || INSIDE.test(host)) return "Must be a public host name";
  return null;
}
