/** A real mail server for tests: npm's smtp-server in a process of its own. */

/** A message as the server took it. */
export interface Taken {
  /** Of the connection that it came by. */
  session: string;
  user: string;
  from: string;
  to: string[];
  raw: string;
}

/** A running mail server. */
export interface SmtpServer extends AsyncDisposable {
  /** Settings that lead to it. */
  env: Record<string, string>;
  port: number;
  /** What it took so far. */
  taken: Taken[];
  /** The passwords that it was told. */
  passwords: string[];
}

/** Starts the server on a free port of loopback. @throws Error with what it wrote, when it doesn't start */
export async function startSmtp({ tls = false } = {}): Promise<SmtpServer> {
  const here = new URL("./smtp/", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--config",
      `${here}deno.json`,
      "-A",
      `${here}server.ts`,
      ...(tls ? ["tls"] : []),
    ],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const taken: Taken[] = [];
  const passwords: string[] = [];
  const port = Promise.withResolvers<number>();
  const reading = (async () => {
    let rest = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const read = JSON.parse(line);
        if (typeof read === "number") port.resolve(read);
        else if ("password" in read) passwords.push(read.password);
        else taken.push(read);
      }
    }
    port.reject(new Error(`Cannot start the mail server: ${await stderr}`));
  })();
  const listening = await port.promise;
  return {
    env: {
      MAIL_TRANSPORT: "smtp",
      SMTP_URL: `${tls ? "smtps" : "smtp"}://desk:${encodeURIComponent("p@ss:word")}@127.0.0.1:${listening}`,
      MAIL_FROM: "ServiceHub <desk@mail.example>",
    },
    port: listening,
    taken,
    passwords,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await reading.catch(() => {});
      await stderr;
    },
  };
}
