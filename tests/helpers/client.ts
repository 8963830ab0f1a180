import { getSetCookies } from "@std/http/cookie";
import { PASSWORD } from "./desk.ts";
import type { Desk } from "./desk.ts";

/** What a test looks at of an answer. */
export interface Answer {
  status: number;
  type: string;
  headers: Headers;
  // deno-lint-ignore no-explicit-any -- tests read bodies of every shape
  body: any;
  text: string;
}

export interface Options {
  body?: unknown;
  headers?: Record<string, string>;
}

/** A file that a test sends. */
export interface TestFile {
  name: string;
  content: string | Uint8Array<ArrayBuffer> | Blob;
  /** Default: none is said. */
  type?: string;
  /** The form's field; default `file`. */
  field?: string;
}

interface UploadOptions {
  fields?: Record<string, string | string[]>;
  headers?: Record<string, string>;
}

/** Files and fields as a browser sends them. */
export function formOf(files: TestFile[], fields: Record<string, string | string[]> = {}): FormData {
  const form = new FormData();
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) form.append(name, value);
  }
  for (const { field = "file", name, content, type = "application/octet-stream" } of files) {
    form.append(field, new File([content], name, { type }), name);
  }
  return form;
}

/** A client of /v1 with a bearer token, or none. */
export class Client {
  token: string | undefined;
  user: { id: string; name: string; email: string; role: string } = { id: "", name: "", email: "", role: "" };
  tenant: { id: string; slug: string; name: string } = { id: "", slug: "", name: "" };
  cookies = new Map<string, string>();

  constructor(readonly desk: Desk) {}

  /** Sends a JSON request to /v1. `path` starts behind /v1. */
  async api(method: string, path: string, { body, headers = {} }: Options = {}): Promise<Answer> {
    const sent = new Headers(headers);
    if (this.token && !sent.has("authorization")) sent.set("authorization", `Bearer ${this.token}`);
    if (body !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
    const response = await this.desk.fetch(
      new Request(`${this.desk.config.PUBLIC_URL}/v1${path}`, {
        method,
        headers: sent,
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
    return await this.read(response);
  }

  async get(path: string, options?: Options): Promise<Answer> {
    return await this.api("GET", path, options);
  }

  async post(path: string, body: unknown = {}, options: Options = {}): Promise<Answer> {
    return await this.api("POST", path, { ...options, body });
  }

  async patch(path: string, body: unknown = {}, options: Options = {}): Promise<Answer> {
    return await this.api("PATCH", path, { ...options, body });
  }

  async put(path: string, body: unknown = {}, options: Options = {}): Promise<Answer> {
    return await this.api("PUT", path, { ...options, body });
  }

  async delete(path: string, options?: Options): Promise<Answer> {
    return await this.api("DELETE", path, options);
  }

  /** Sends files and fields as multipart/form-data; to a ticket in public by default. `path` starts behind /v1. */
  async upload(
    path: string,
    files: TestFile[],
    { fields = {}, headers = {} }: UploadOptions = {},
  ): Promise<Answer> {
    const sent = new Headers(headers);
    if (this.token && !sent.has("authorization")) sent.set("authorization", `Bearer ${this.token}`);
    const url = `${this.desk.config.PUBLIC_URL}/v1${path}`;
    const said = path.startsWith("/tickets/") ? { visibility: "public", ...fields } : fields;
    const request = new Request(url, { method: "POST", headers: sent, body: formOf(files, said) });
    return await this.read(await this.desk.fetch(request));
  }

  /** Registers an organisation and signs in as its admin. */
  async register(organisation: string): Promise<void> {
    const email = `admin@${organisation.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.example`;
    const name = "Ada Admin";
    this.become(await this.post("/auth/register", { organisation, name, email, password: PASSWORD }));
  }

  /** Invites somebody to this client's organisation, accepts, and returns a client signed in as them. */
  async invite(role: string, name: string, queueIds: string[] = []): Promise<Client> {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@${this.tenant.slug}.example`;
    const invited = await this.post("/invitations", { email, name, role, queueIds });
    if (invited.status !== 201) throw new Error(`Cannot invite "${email}": ${invited.text}`);
    const token = new URL(invited.body.acceptUrl).pathname.split("/").pop()!;
    const client = new Client(this.desk);
    client.become(await client.post("/auth/invitations/accept", { token, name, password: PASSWORD }));
    return client;
  }

  /** Takes token, person and organisation from an answer of register, login or accept. */
  become(answer: Answer): void {
    if (answer.status !== 201 && answer.status !== 200) {
      throw new Error(`Cannot sign in: ${answer.status} ${answer.text}`);
    }
    this.token = answer.body.accessToken;
    this.user = answer.body.user;
    this.tenant = answer.body.tenant;
  }

  private async read(response: Response): Promise<Answer> {
    const text = await response.text();
    for (const cookie of getSetCookies(response.headers)) this.cookies.set(cookie.name, cookie.value);
    const type = response.headers.get("content-type") ?? "";
    return {
      status: response.status,
      type,
      headers: response.headers,
      text,
      body: type.includes("json") && text !== "" ? JSON.parse(text) : undefined,
    };
  }
}
