import type { z } from "@hono/zod-openapi";
import type { Claim, Role, UserCx } from "@/domain/cx.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import type { StoredFile } from "@/domain/attachments/receive.ts";
import type { Cookie } from "@std/http/cookie";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** The version a change is based on, and where the client said so. */
export interface Base {
  version: number;
  by: "header" | "body";
}

/** What an operation answers; `headers` are set as they are. */
export interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Instead of a body: makes the answer after the commit, where a file is sent. */
  send?: (request: Request) => Promise<Response>;
}

/** What every operation declares. */
interface Declared<P, Q, B> {
  method: Method;
  /** Under /v1, with OpenAPI parameters: `/tickets/{id}`. */
  path: string;
  tag: string;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Takes an Idempotency-Key. */
  creates?: true;
  /** Status of the good answer. */
  status: number;
  /** Schema of its body; none where it has no body, or where it is a file. */
  response?: z.ZodType;
}

/** Opens a stream, once who asks was admitted. */
export type OpenStream = () => ReadableStream<Uint8Array<ArrayBuffer>>;

/** A form with files: it streams to the blob store between a transaction that admits it and one that keeps it. */
export interface Uploading {
  /** The form's other fields. */
  fields: z.ZodType;
  /** Whether it may come at all: asked in a transaction of its own, before a byte is read. */
  admit(cx: UserCx, input: { params: unknown }): Promise<void>;
}

/** An operation of a signed-in person. */
export interface Operation extends Declared<z.ZodType, z.ZodType, z.ZodType> {
  access: "user";
  roles: readonly Role[];
  /** A change that names the version it is based on, by If-Match or `version` in the body. */
  versioned?: true;
  /** Adds to the answer what must not be kept for a repeat, such as a link that is as good as a key. */
  reveal?: (cx: UserCx, body: unknown) => unknown;
  /** Takes files; `run` gets them with the fields as `body`. */
  upload?: Uploading;
  /** Answers with a file. */
  download?: true;
  /** Answers with a stream of events instead, after the transaction, where the client asks for text/event-stream. */
  stream?: (cx: UserCx, input: { query: unknown; lastEventId: string | undefined }) => Promise<OpenStream>;
  run(
    cx: UserCx,
    input: { params: unknown; query: unknown; body: unknown; base: Base; files: StoredFile[] },
  ): Promise<Reply>;
}

/** What a public operation may do with cookies. */
export interface Http {
  cookie(name: string): string | undefined;
  setCookie(cookie: Cookie): void;
  /** Who claims to be there, if anyone, by form and signature alone. */
  claim: Claim | null;
  /** The body as it came, of a signed operation. */
  bytes: Uint8Array;
  headers: Headers;
}

/** An operation that needs no one signed in. */
export interface PublicOperation extends Declared<z.ZodType, z.ZodType, z.ZodType> {
  access: "public";
  /** Asks who is there all the same, because it hashes between two transactions of its own. */
  needsSession?: true;
  /**
   * Called by a machine that signs what it sends. Neither cookies nor tokens are looked at, the body is read as bytes
   * alone, and `run` looks at the signature before anything else. `body` is for the documentation.
   */
  signed?: true;
  run(
    request: RequestInfo,
    input: { params: unknown; query: unknown; body: unknown },
    http: Http,
  ): Promise<Reply>;
}

export type AnyOperation = Operation | PublicOperation;

/**
 * Declares an operation of a signed-in person. `run` gets the context inside its transaction, after the role check,
 * with every part parsed.
 */
export function operation<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  declared: Declared<P, Q, B> & Pick<Operation, "roles" | "versioned" | "reveal" | "download"> & {
    stream?: (
      cx: UserCx,
      input: { query: Parsed<Q>; lastEventId: string | undefined },
    ) => Promise<OpenStream>;
    run(
      cx: UserCx,
      input: { params: Parsed<P>; query: Parsed<Q>; body: Parsed<B>; base: Base },
    ): Promise<Reply>;
  },
): Operation {
  return { ...declared, access: "user" } as unknown as Operation;
}

/** Declares an operation of a signed-in person that takes files. `run` gets them stored, in its own transaction. */
export function uploadOperation<P extends z.ZodType | undefined, F extends z.ZodType>(
  declared:
    & Omit<Declared<P, undefined, undefined>, "body" | "query" | "method">
    & Pick<Operation, "roles">
    & {
      fields: F;
      admit(cx: UserCx, input: { params: Parsed<P> }): Promise<void>;
      run(cx: UserCx, input: { params: Parsed<P>; body: Parsed<F>; files: StoredFile[] }): Promise<Reply>;
    },
): Operation {
  const { fields, admit, ...rest } = declared;
  return { ...rest, method: "post", access: "user", upload: { fields, admit } } as unknown as Operation;
}

/** Declares an operation that needs no one signed in. `run` opens its own transactions. */
export function publicOperation<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  declared: Declared<P, Q, B> & Pick<PublicOperation, "needsSession" | "signed"> & {
    run(
      request: RequestInfo,
      input: { params: Parsed<P>; query: Parsed<Q>; body: Parsed<B> },
      http: Http,
    ): Promise<Reply>;
  },
): PublicOperation {
  return { ...declared, access: "public" } as unknown as PublicOperation;
}

/** Who may use an operation, in a word for the documentation. */
export function nameOfAccess(operation: AnyOperation): string {
  if (operation.access === "public" && operation.signed) return "who signs it";
  if (operation.access === "public") return operation.needsSession ? "anyone signed in" : "everyone";
  const [weakest = "ADMIN"] = operation.roles;
  const names: Record<Role, string> = {
    REQUESTER: "anyone signed in",
    AGENT: "agents and up",
    MANAGER: "managers and up",
    ADMIN: "admins",
  };
  return names[weakest];
}
