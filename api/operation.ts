import type { z } from "@hono/zod-openapi";
import type { Claim, Role, UserCx } from "@/domain/cx.ts";
import type { RequestInfo } from "@/domain/cx.ts";
import type { StoredFile } from "@/domain/attachments/receive.ts";
import type { Cookie } from "@std/http/cookie";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** The version a change is based on, and where the client named it. */
export interface Base {
  version: number;
  by: "header" | "body";
}

/** What an operation answers. */
export interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Makes the whole answer after the commit, to send a file. */
  send?: (request: Request) => Promise<Response>;
}

/** What every operation declares. */
interface Declared<P, Q, B> {
  method: Method;
  /** Below /v1, with OpenAPI parameters: `/tickets/{id}`. */
  path: string;
  tag: string;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Fields that another operation sets, and which: part of the refusal. */
  elsewhere?: Readonly<Record<string, string>>;
  /** Accepts an Idempotency-Key. */
  creates?: true;
  /** Status on success. */
  status: number;
  /** Schema of the body; none if there is no body or it is a file. */
  response?: z.ZodType;
}

/** Opens a stream for an authorised listener. */
export type OpenStream = () => ReadableStream<Uint8Array<ArrayBuffer>>;

/** A form with files: it streams to the blob store between the transaction that admits it and the one that records it. */
export interface Uploading {
  /** The form's other fields. */
  fields: z.ZodType;
  /** Authorises the upload, in its own transaction, before a byte is read. */
  admit(cx: UserCx, input: { params: unknown }): Promise<void>;
}

/** An operation of a signed-in person. */
export interface Operation extends Declared<z.ZodType, z.ZodType, z.ZodType> {
  access: "user";
  roles: readonly Role[];
  /** Needs the version it is based on: If-Match, or `version` in the body. */
  versioned?: true;
  /** Adds secrets to the answer that must not be stored for retries, such as links with a token. */
  reveal?: (cx: UserCx, body: unknown) => unknown;
  /** What of a kept answer a repeat may still see; default: it is read where its Location leads. */
  again?: (cx: UserCx, body: unknown) => Promise<unknown>;
  /** Takes files. `run` gets them, and the fields as `body`. */
  upload?: Uploading;
  /** Works in a transaction of its own before, after the same role check: its locks aren't held while `run` reads. */
  first?: (cx: UserCx) => Promise<unknown>;
  /** Answers with a file; with a `response` as JSON too. */
  download?: true;
  /** Opens an event stream after the transaction, if the client accepts text/event-stream. */
  stream?: (cx: UserCx, input: { query: unknown; lastEventId: string | undefined }) => Promise<OpenStream>;
  run(
    cx: UserCx,
    input: { params: unknown; query: unknown; body: unknown; base: Base; files: StoredFile[] },
  ): Promise<Reply>;
}

/** What a public operation sees of the request. */
export interface Http {
  cookie(name: string): string | undefined;
  setCookie(cookie: Cookie): void;
  /** The claimed identity, checked by form and signature only. */
  claim: Claim | null;
  /** The raw body of a signed operation. */
  bytes: Uint8Array;
  headers: Headers;
}

/** An operation that needs no sign-in. */
export interface PublicOperation extends Declared<z.ZodType, z.ZodType, z.ZodType> {
  access: "public";
  /** Checks the session itself, because it hashes a password between two transactions. */
  needsSession?: true;
  /**
   * Called by a machine that signs the body. Cookies and tokens are ignored, and `run` verifies the signature of the raw
   * body first. `body` only serves the document.
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
 * Declares an operation of a signed-in person. `run` is called inside the transaction, after the role check, with parsed
 * input.
 */
export function operation<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  declared:
    & Declared<P, Q, B>
    & Pick<Operation, "roles" | "versioned" | "reveal" | "again" | "download" | "first">
    & {
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

/** Declares an operation that takes files. `run` gets them stored, in its own transaction. */
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

/** Declares an operation that needs no sign-in. `run` opens its own transactions. */
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

/** Who may use an operation, for the documentation. */
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
