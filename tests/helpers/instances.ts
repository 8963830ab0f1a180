/** Two real processes of the product on one PostgreSQL, behind Caddy, and what a test needs around them. */
import type pg from "pg";
import { startExternal } from "@/tests/db/cluster.ts";
import { type CaddyServer, startCaddy } from "./caddy.ts";
import { PASSWORD } from "./desk.ts";
import { StreamReader } from "./event_stream.ts";
import { type RedisServer, startRedis } from "./redis.ts";
import { type ResendServer, startResend } from "./resend.ts";
import { freePort, type Server, startServer } from "./server.ts";
import { ADA, post } from "./visit.ts";

export interface Instances {
  /** Ends all of it. */
  [Symbol.asyncDispose](): Promise<void>;
  a: Server;
  b: Server;
  caddy: CaddyServer;
  redis: RedisServer;
  provider: ResendServer;
  /** Runs SQL past row security, to look at what is there. */
  look<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Tokens by role; each of a person of the same organisation. */
  tokens: { admin: string; agent: string; requester: string };
}

/**
 * Starts everything; limits are ten times as wide as an operator has them.
 *
 * @param options `shareRedis: false` where the instances are to have none
 */
export async function startInstances({ shareRedis = true } = {}): Promise<Instances> {
  await using stack = new AsyncDisposableStack();
  const [external, redis, provider] = await Promise.all([startExternal(), startRedis(), startResend()]);
  for (const one of [external, redis, provider]) stack.use(one);
  const admin = await external.connect("postgres");
  await admin.query("create database desk");
  await admin.end();
  const port = freePort();
  const env = {
    DATABASE_URL: external.url("desk"),
    REDIS_URL: shareRedis ? redis.url : "",
    SECRET_KEY: "the key of these instances, of more than 32 characters",
    PUBLIC_URL: `http://localhost:${port}`,
    TRUSTED_PROXIES: "127.0.0.1",
    SIGNUP: "open",
    RATE_LIMIT_SCALE: "10",
    ...provider.env,
  };
  const [a, b] = await Promise.all([startServer({ env }), startServer({ env })]);
  for (const one of [a, b]) stack.use(one!);
  const caddy = stack.use(
    await startCaddy([a, b].map(({ url }) => new URL(url).host.replace("localhost", "127.0.0.1")), port),
  );
  const database = stack.use(await external.connect("desk"));
  const tokens = await people(caddy.url, { provider, database });
  const moved = stack.move();
  return {
    a,
    b,
    caddy,
    redis,
    provider,
    tokens,
    look: async <Row>(text: string, values: unknown[] = []) =>
      (await database.query(text, values)).rows as Row[],
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

async function people(
  url: string,
  { provider, database }: { provider: ResendServer; database: pg.Client },
): Promise<Instances["tokens"]> {
  const { accessToken: admin } = await post(url, "/auth/register", ADA);
  // As if she had opened a link that was mailed to her: only then may she invite.
  await database.query("update users set email_verified_at = now()");
  const join = async (name: string, role: string) => {
    const email = `${role.toLowerCase()}@harbour.example`;
    await post(url, "/invitations", { email, name, role, queueIds: [] }, admin);
    // The link is in a mail alone.
    const token = await invitationOf(provider, email);
    return (await post(url, "/auth/invitations/accept", { token, name, password: PASSWORD })).accessToken;
  };
  const [agent, requester] = await Promise.all([join("Ana", "AGENT"), join("Rob", "REQUESTER")]);
  return { admin, agent, requester };
}

async function invitationOf(provider: ResendServer, email: string): Promise<string> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const mail = [...provider.sent.values()].find(({ text }) => text.includes(email));
    const token = /accept-invitation\/([\w.-]+)/.exec(mail?.text ?? "")?.[1];
    if (token) return token;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`Cannot go on: no invitation was sent to ${email}`);
}

/** Opens an event stream, from behind `lastId` where there is one. @throws Error when it is refused */
export async function listen(url: string, token: string, lastId = ""): Promise<StreamReader> {
  const response = await fetch(`${url}/v1/events`, {
    headers: {
      accept: "text/event-stream",
      authorization: `Bearer ${token}`,
      ...(lastId ? { "last-event-id": lastId } : {}),
    },
  });
  if (response.ok) return new StreamReader(response);
  throw new Error(`Cannot listen: ${response.status} ${await response.text()}`);
}

/** What readiness says of the bus of an instance. */
export async function busOf({ url }: Server): Promise<{ over: string; up: boolean }> {
  return (await (await fetch(`${url}/readyz`)).json()).bus;
}
