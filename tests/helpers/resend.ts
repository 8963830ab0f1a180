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
  /** Mails that came, as they were received, by the ids that it gives them. */
  received: Map<string, string | Uint8Array>;
  /** Ids of mails that were asked for. */
  fetched: string[];
}

/** Starts the server on a free port of loopback. */
export async function startResend(): Promise<ResendServer> {
  const moods: Mood[] = [];
  const asked: Asked[] = [];
  const sent: ResendServer["sent"] = new Map();
  const received: ResendServer["received"] = new Map();
  const fetched: string[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET") return tell(request, response);
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

  /** What it tells of a mail that came, and the mail itself at the address that it tells. */
  function tell(request: IncomingMessage, response: ServerResponse): void {
    const mood = moods.shift() ?? "well";
    if (mood === "hang") return;
    if (typeof mood === "string" && mood !== "well") return void request.socket.destroy();
    if (typeof mood === "object") return say(response, mood);
    const [, kind, id = ""] = /^\/(emails\/receiving|download)\/([\w-]+)$/.exec(request.url ?? "") ?? [];
    const raw = received.get(id);
    if (raw === undefined) return say(response, { status: 404, body: { name: "not_found" } });
    if (kind === "download") {
      if (request.headers.authorization) return say(response, { status: 400 });
      response.writeHead(200, { "content-type": "message/rfc822" });
      return void response.end(raw);
    }
    if (request.headers.authorization !== "Bearer re_test") return say(response, { status: 401 });
    fetched.push(id);
    const download_url = `http://${request.headers.host}/download/${id}`;
    say(response, {
      status: 200,
      body: { object: "email", id, raw: { download_url, expires_at: new Date(Date.now() + 3_600_000) } },
    });
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
    received,
    fetched,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
