/** Runs a module of this folder in a process of its own: `input` goes in as JSON, and JSON comes back. */
export async function inOwnProcess<Output>(module: string, input: unknown): Promise<Output> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
      new URL(module, import.meta.url).pathname,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  const { success, stdout, stderr } = await output;
  if (!success) throw new Error(`Cannot run "${module}": ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout)) as Output;
}
