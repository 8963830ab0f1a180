/** Programs of the product, run as an operator would, and requests to them. */
import { flagsOf } from "@/tests/helpers/deno.ts";
import { freePort } from "@/tests/helpers/server.ts";

const ROOT = new URL("../../", import.meta.url);
const PASSWORD = "a quiet harbour at dawn";

/** What a program left: its exit code, and the lines it wrote. */
export interface Ended {
  code: number;
  stdout: string[];
  stderr: string[];
}

function lines(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split("\n").filter((line) => line.trim() !== "");
}

/** Runs a Deno program of the project to its end, with these settings alone. */
export async function program(args: string[], env: Record<string, string>): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
  }).output();
  return { code, stdout: lines(stdout), stderr: lines(stderr) };
}

/** Starts the product where it can't start, and waits until it has given up. */
export async function failingStart(env: Record<string, string>): Promise<Ended> {
  return await program(["run", ...flagsOf("start"), "serve.ts"], { PORT: String(freePort()), ...env });
}

/** Starts `deno task start` in a process group of its own; resolves when the desk answers. */
export async function taskStart(
  env: { DATA_DIR: string },
): Promise<{ url: string; child: Deno.ChildProcess }> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: ROOT,
    env: { ...env, PORT: String(port), DENO_NO_UPDATE_CHECK: "1" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://localhost:${port}`;
  await until(async () => (await statusOf(`${url}/readyz`)) === 200, 30_000);
  return { url, child };
}

/** The status that an address answers; 0 when nobody does. */
export async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { redirect: "manual" }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status ?? 0;
}

/** Waits until `is` says so. @throws Error after `ms` milliseconds */
export async function until(is: () => boolean | Promise<boolean>, ms: number): Promise<void> {
  const end = Date.now() + ms;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`Cannot go on: not so after ${ms} ms: ${is}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** Registers an organisation over /v1 and returns its admin's token. */
export async function register(url: string): Promise<string> {
  const response = await post(`${url}/v1/auth/register`, {
    organisation: "Harbour Works",
    name: "Ada Admin",
    email: `${crypto.randomUUID()}@harbour.example`,
    password: PASSWORD,
  });
  const body = await response.json();
  if (response.status !== 201) throw new Error(`Cannot register: ${JSON.stringify(body)}`);
  return body.accessToken;
}

/** Sends JSON, with a token if there is one. */
export async function post(url: string, body: unknown, token?: string): Promise<Response> {
  return await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
}

/** The titles of the tickets that the token's owner sees, newest first. */
export async function titles(url: string, token: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/tickets?limit=100`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await response.json()).items.map(({ title }: { title: string }) => title);
}
