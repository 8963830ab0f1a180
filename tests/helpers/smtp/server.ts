/**
 * A mail server on loopback, which takes the user "desk" with the password "p@ss:word". Its port is the first line that
 * it writes, and each password and each message that it got another, as JSON. What a recipient's local part begins with says how it fares:
 * `later` 450, `never` 550, `full` 552 after the data, `hang` no answer, `cut` the connection ends after the data.
 * Run as a process of its own under the `deno.json` beside it: its packages are in no lock file but this folder's.
 */

// Named at run time: a static import would enter the root's lock file when the root type-checks this file.
const name = "smtp-server";
const { SMTPServer } = await import(name);

type Done = (error?: Error | null, answer?: unknown) => void;
interface Session {
  id: string;
  user?: string;
  secure: boolean;
  envelope: { mailFrom: { address: string }; rcptTo: { address: string }[] };
}

const refuse = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });
const write = (line: unknown) => {
  const bytes = new TextEncoder().encode(JSON.stringify(line) + "\n");
  for (let from = 0; from < bytes.length;) from += Deno.stdout.writeSync(bytes.subarray(from));
};

const server = new SMTPServer({
  secure: Deno.args.includes("tls"),
  authOptional: false,
  allowInsecureAuth: true,
  hideSTARTTLS: true,
  disableReverseLookup: true,
  onAuth(auth: { username: string; password: string }, _session: Session, done: Done) {
    write({ password: auth.password });
    const good = auth.username === "desk" && auth.password === "p@ss:word";
    done(good ? null : refuse(535, "Wrong user or password"), { user: auth.username });
  },
  onRcptTo({ address }: { address: string }, _session: Session, done: Done) {
    if (address.startsWith("later")) done(refuse(450, "Mailbox is busy"));
    else if (address.startsWith("never")) done(refuse(550, "No such user"));
    else if (!address.startsWith("hang")) done();
  },
  onData(stream: AsyncIterable<Uint8Array>, session: Session, done: Done) {
    (async () => {
      const raw = await new Response(ReadableStream.from(stream)).text();
      const { mailFrom, rcptTo } = session.envelope;
      const to = rcptTo.map(({ address }) => address);
      write({ session: session.id, user: session.user, from: mailFrom.address, to, raw });
      if (to[0]!.startsWith("full")) done(refuse(552, "Mailbox is full"));
      else if (to[0]!.startsWith("cut")) {
        for (const connection of server.connections) connection._socket.destroy();
      } else done(null, `2.0.0 Ok: queued as Q${raw.length}`);
    })();
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => write(server.server.address().port));
