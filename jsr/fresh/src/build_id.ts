/** Put in by the bundler: the browser has the id of the build that its scripts come from. */
declare const __FRSH_BUILD_ID: string | undefined;

let current = typeof __FRSH_BUILD_ID === "string" ? __FRSH_BUILD_ID : deploymentId() ?? newBuildId();

/** The id of this build: changes the address of every asset, so that they can be cached for ever. */
export function buildId(): string {
  return current;
}

/** Takes over the id of the build that is served; an empty one keeps the present id. */
export function setBuildId(id: string): void {
  if (id !== "") current = id;
}

function newBuildId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

function deploymentId(): string | undefined {
  const variable = "DENO_DEPLOYMENT_ID";
  // A process that wasn't given the permission must not be asked for it.
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return undefined;
  return Deno.env.get(variable);
}
