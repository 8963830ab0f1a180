/** A server that webhooks are sent to, over a real socket. */
import { readSecret, verify } from "@/domain/webhooks/standard_webhooks.ts";

/** A message as it came. */
export interface Received {
  id: string;
  timestamp: string;
  signature: string;
  path: string;
  host: string;
  text: string;
  // deno-lint-ignore no-explicit-any -- tests read messages of every shape
  body: any;
}

/** How it answers: a response, or what goes wrong on the way. */
export type Behaviour = Response | "hang" | "cut" | "trickle";

export interface Receiver extends AsyncDisposable {
  url: string;
  received: Received[];
  /** Connections that were opened. */
  connections: number;
  /** What the next messages get; 204 unless set. */
  answer: (message: Received) => Behaviour;
}

/** Opens a receiver on a free port of this machine. */
export function openReceiver(tls?: { cert: string; key: string }): Receiver {
  const listener = tls
    ? Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...tls })
    : Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const open = new Set<Deno.Conn>();
  const receiver: Receiver = {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}/hook`,
    received: [],
    connections: 0,
    answer: () => new Response(null, { status: 204 }),
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) close(connection);
      await accepting;
    },
  };
  const accepting = (async () => {
    try {
      for await (const connection of listener) {
        receiver.connections++;
        open.add(connection);
        serve(connection, receiver).catch(() => close(connection)).finally(() => open.delete(connection));
      }
    } catch {
      // It is closed, or a handshake failed: that is the sender's to tell.
    }
  })();
  return receiver;
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}

async function serve(connection: Deno.Conn, receiver: Receiver): Promise<void> {
  const request = await readRequest(connection);
  if (!request) return close(connection);
  receiver.received.push(request);
  const behaviour = receiver.answer(request);
  if (behaviour === "hang") return;
  if (behaviour === "cut") return close(connection);
  const encoder = new TextEncoder();
  if (behaviour === "trickle") {
    await connection.write(encoder.encode("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nslowly"));
    return;
  }
  const body = new Uint8Array(await behaviour.arrayBuffer());
  const headers = [...behaviour.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `HTTP/1.1 ${behaviour.status} x\r\n${headers}content-length: ${body.length}\r\n` +
    "connection: close\r\n\r\n";
  await connection.write(encoder.encode(head));
  for (let sent = 0; sent < body.length;) sent += await connection.write(body.subarray(sent));
  close(connection);
}

async function readRequest(connection: Deno.Conn): Promise<Received | null> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const read = await connection.read(buffer);
    if (read === null) return null;
    // A character a byte, so that lengths are bytes.
    text += String.fromCharCode(...buffer.subarray(0, read));
    const [head = "", ...rest] = text.split("\r\n\r\n");
    if (rest.length === 0) continue;
    const body = rest.join("\r\n\r\n");
    if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) continue;
    const [line = "", ...lines] = head.split("\r\n");
    const headers = new Headers(
      lines.map((one): [string, string] => {
        const colon = one.indexOf(":");
        return [one.slice(0, colon), one.slice(colon + 1).trim()];
      }),
    );
    const utf8 = new TextDecoder().decode(Uint8Array.from(body, (c) => c.charCodeAt(0)));
    return {
      id: headers.get("webhook-id") ?? "",
      timestamp: headers.get("webhook-timestamp") ?? "",
      signature: headers.get("webhook-signature") ?? "",
      host: headers.get("host") ?? "",
      path: line.split(" ")[1] ?? "",
      text: utf8,
      body: utf8 === "" ? undefined : JSON.parse(utf8),
    };
  }
}

/** Whether a receiver with this secret believes the message. */
export function isGenuine(secret: string, { id, timestamp, signature, text }: Received): boolean {
  return verify([readSecret(secret)!], { id, timestamp, signature, body: text }) === null;
}
