/** Put in by the bundler: the browser has the id of the build that its scripts come from. */
declare const __FRSH_BUILD_ID: string | undefined;

let current = typeof __FRSH_BUILD_ID === "string"
  ? __FRSH_BUILD_ID
  : Deno.env.get("DENO_DEPLOYMENT_ID") || crypto.randomUUID().replaceAll("-", "");

/** The id of this build: part of every asset's address, so that assets can be cached for ever. */
export function buildId(): string {
  return current;
}

/** Takes over the id of the build that is served. */
export function setBuildId(id: string): void {
  current = id;
}
