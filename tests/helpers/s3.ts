/** A real S3-speaking server for tests: npm's s3rver in a process of its own, which checks signatures. */

export const S3_KEYS = {
  S3_ACCESS_KEY_ID: "S3RVER",
  S3_SECRET_ACCESS_KEY: "S3RVER",
  S3_BUCKET: "attachments",
};

/** A running S3 server, with a bucket. */
export interface S3Server extends AsyncDisposable {
  /** Settings that lead to it. */
  env: Record<string, string>;
  kill(): Promise<void>;
}

/** Starts the server on a free port of loopback. @throws Error with what it wrote, when it doesn't start */
export async function startS3(): Promise<S3Server> {
  const folder = await Deno.makeTempDir({ prefix: "servicehub-s3-" });
  const here = new URL("./s3/", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--config", `${here}deno.json`, "-A", `${here}server.ts`, folder],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: port } = await reader.read();
  if (port === undefined) throw new Error(`Cannot start the S3 server: ${await stderr}`);
  const kill = async () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await child.status;
  };
  return {
    env: { BLOB_STORE: "s3", S3_ENDPOINT: `http://127.0.0.1:${port.trim()}`, ...S3_KEYS },
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await reader.cancel();
      await stderr;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
