import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with a request: `cut` takes the mail and ends the connection, `cut early` doesn't take it. */
export type Mood =
  | "well"
  | "hang"
  | "cut"
  | "cut early"
  | { status: number; headers?: Record<string, string>; body?: unknown };

/** A request as it came. */
export interface Asked {
  key: string;
  authorization: string;
  body: Record<string, unknown>;
}

/** A server that speaks the protocol of Resend's API over real sockets, idempotency keys and all. */
export interface ResendServer extends AsyncDisposable {
  /** Settings that lead to it. */
  env: Record<string, string>;
  /** How the next requests fare, in order; after those all fare well. */
  moods: Mood[];
  /** Every request. */
  asked: Asked[];
  /** The mails that it sent, by their keys. */
  sent: Map<string, { id: string; text: string }>;
}

/** Starts the server on a free port of loopback. */
export async function startResend(): Promise<ResendServer> {
  const moods: Mood[] = [];
  const asked: Asked[] = [];
  const sent: ResendServer["sent"] = new Map();
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await new Response(ReadableStream.from(request)).text();
    const key = String(request.headers["idempotency-key"] ?? "");
    asked.push({ key, authorization: String(request.headers.authorization), body: JSON.parse(text) });
    const mood = moods.shift() ?? "well";
    if (mood === "hang") return;
    if (mood === "cut early") return void request.socket.destroy();
    if (typeof mood === "object") return say(response, mood);
    if (request.method !== "POST" || request.url !== "/emails") return say(response, { status: 405 });
    if (request.headers.authorization !== "Bearer re_test") {
      return say(response, { status: 401, body: { name: "missing_api_key", message: "API key is missing" } });
    }
    const before = sent.get(key);
    if (before && before.text !== text) {
      return say(response, {
        status: 409,
        body: { name: "invalid_idempotent_request", message: "Same key, different request payload" },
      });
    }
    const { id } = before ?? { id: crypto.randomUUID() };
    sent.set(key, { id, text });
    if (mood === "cut") return void request.socket.destroy();
    say(response, { status: 200, body: { id } });
  }

  function say(response: ServerResponse, { status, headers = {}, body = {} }: Mood & object): void {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  }

  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      MAIL_TRANSPORT: "resend",
      RESEND_API_KEY: "re_test",
      RESEND_BASE_URL: `http://127.0.0.1:${port}`,
      MAIL_FROM: "ServiceHub <desk@mail.example>",
    },
    moods,
    asked,
    sent,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
