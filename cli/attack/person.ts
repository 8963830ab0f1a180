import { type Answer, CannotRun, type Wire } from "./wire.ts";

/** How somebody signs in. */
export interface Account {
  organisation: string;
  email: string;
  password: string;
}

/** Access tokens are renewed this long before they end. */
const EARLY_SECONDS = 60;

/** Somebody who sends requests to /v1: signed in with an account, or nobody. */
export class Person {
  user: { id: string; email: string } = { id: "", email: "" };
  token: string | undefined;
  /** Of the last sign-in. */
  signedIn: Answer | undefined;
  /** Called with the Location of each new thing. */
  onCreated: (location: string) => void = () => {};
  account: Account | undefined;
  private renewAt = Infinity;
  private renewing: Promise<void> | undefined;
  private readonly underWay = new Set<Promise<Answer>>();

  /** @param who how the report names them */
  constructor(readonly wire: Wire, readonly who: string) {}

  /** Signs in. @throws CannotRun when it is refused */
  async signIn(account: Account): Promise<void> {
    const answer = await this.send("POST", "/auth/login", { body: account });
    if (answer.status !== 200) {
      throw new CannotRun(`"${account.email}" can't sign in to "${account.organisation}": ${said(answer)}`);
    }
    this.become(answer, account);
  }

  /** Takes person and token from the answer of a sign-in. */
  become(answer: Answer, account: Account): void {
    const { accessToken, expiresIn, user } = answer.body;
    this.signedIn = answer;
    this.account = account;
    this.token = accessToken;
    this.user = user;
    this.renewAt = Date.now() + (Number(expiresIn) - EARLY_SECONDS) * 1000;
  }

  /** Sends a request to /v1. @param path behind /v1 */
  async api(
    method: string,
    path: string,
    { body, headers }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    await this.renew();
    const sending = this.send(method, path, { body, ...(headers ? { headers } : {}) });
    this.underWay.add(sending);
    try {
      return await sending;
    } finally {
      this.underWay.delete(sending);
    }
  }

  async get(path: string): Promise<Answer> {
    return await this.api("GET", path);
  }

  async post(path: string, body: unknown = {}): Promise<Answer> {
    return await this.api("POST", path, { body });
  }

  async patch(path: string, body: unknown): Promise<Answer> {
    return await this.api("PATCH", path, { body });
  }

  /** Sends files; to a ticket in public. */
  async upload(path: string, files: { name: string; content: string }[]): Promise<Answer> {
    const form = new FormData();
    if (path.startsWith("/tickets/")) form.append("visibility", "public");
    for (const { name, content } of files) form.append("file", new File([content], name), name);
    return await this.api("POST", path, { body: form });
  }

  private async renew(): Promise<void> {
    if (!this.account || Date.now() < this.renewAt) return;
    this.renewing ??= this.signInAgain(this.account).finally(() => this.renewing = undefined);
    await this.renewing;
  }

  private async signInAgain(account: Account): Promise<void> {
    const { token } = this;
    await this.signIn(account);
    // Requests of the old session are still to be answered.
    await Promise.allSettled(this.underWay);
    await this.signOut(token);
  }

  /** Ends the session of a token. */
  async signOut(token = this.token): Promise<void> {
    await this.send("POST", "/auth/logout", { headers: { authorization: `Bearer ${token}` } });
  }

  private async send(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer> {
    const isForm = body instanceof FormData;
    const answer = await this.wire.send(method, `/v1${path}`, this.who, {
      headers: {
        ...(this.token && !path.startsWith("/auth/") ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const location = answer.headers.get("location");
    if (answer.status === 201 && location) this.onCreated(location);
    return answer;
  }
}

/** What an answer says, in short: `403 Ask an administrator for an invitation` */
export function said({ status, body, text }: Answer): string {
  const errors = body?.errors?.map(({ path, message }: { path: string; message: string }) =>
    `${path}: ${message}`
  );
  return `${status} ${(errors?.join("; ") ?? body?.detail ?? text).slice(0, 200)}`.trim();
}
