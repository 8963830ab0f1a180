const OUTSIDE =
  /^(?:_fresh|node_modules|data|dist|tests|docs|bench|tools|\.[^/]+|static\/styles\.css)(?:\/|$)/;
const SOURCE = /\.(?:tsx?|css|svg|json|sql)$/;

/** Whether a change of this file, named from the root, makes a build stale and `deno task dev` start anew. */
export function isSource(path: string): boolean {
  if (OUTSIDE.test(path) || /(?:^|\/)(?:node_modules\/|tests\/|_fresh_)/.test(path)) return false;
  return path.startsWith("static/") || SOURCE.test(path);
}

/** In milliseconds since 1970. */
export async function newestSource(root: string, folder = ""): Promise<number> {
  let newest = 0;
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}${name}`;
    if (isDirectory && !OUTSIDE.test(path)) newest = Math.max(newest, await newestSource(root, `${path}/`));
    else if (isSource(path)) newest = Math.max(newest, await changedAt(`${root}/${path}`));
  }
  return newest;
}

/** In milliseconds since 1970; 0 where there is no such file. */
export async function changedAt(path: string): Promise<number> {
  return (await Deno.stat(path).catch(() => null))?.mtime?.getTime() ?? 0;
}
