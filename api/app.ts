import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { DomainError } from "../domain/errors.ts";
import { incomingOf } from "../edge/incoming.ts";
import type { AnyOperation } from "./operation.ts";
import { answer } from "./pipeline.ts";
import { problemResponse } from "./problem.ts";
import { allowOrigins } from "./middleware/cors.ts";
import { auth } from "./auth.ts";
import { categories } from "./categories.ts";
import { comments } from "./comments.ts";
import { me } from "./me.ts";
import { queues } from "./queues.ts";
import { tickets } from "./tickets.ts";
import { users } from "./users.ts";

/** Every operation of /v1. What isn't here does not exist: the document, the role matrix and the sweeps read this list. */
export const OPERATIONS: AnyOperation[] = [
  ...auth,
  ...me,
  ...users,
  ...tickets,
  ...comments,
  ...queues,
  ...categories,
];

const ProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  current: z.unknown().optional(),
  allowed: z.array(z.string()).optional(),
}).openapi("Problem");

/** The app that answers /v1, with its OpenAPI 3.1 document at /v1/openapi.json. */
export function createApi(): OpenAPIHono {
  const app = new OpenAPIHono().basePath("/v1");
  app.use(allowOrigins);
  for (const operation of OPERATIONS) register(app, operation);
  let document: unknown;
  app.get("/openapi.json", (c) => {
    document ??= app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title: "ServiceHub", version: "1", description: "The REST API of a ServiceHub installation." },
      servers: [{ url: "/" }],
    });
    return c.json(document as Record<string, unknown>);
  });
  app.notFound((c) => refuse(c, new DomainError("not_found", "There is no such operation")));
  app.onError((error, c) => refuse(c, error));
  return app as unknown as OpenAPIHono;
}

function refuse(c: Context, error: unknown): Response {
  const incoming = incomingOf(c.req.raw);
  return problemResponse(incoming.refusal ?? error, c.req.raw, incoming);
}

function register(app: OpenAPIHono, operation: AnyOperation): void {
  app.on(
    operation.method.toUpperCase(),
    operation.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    (c) => answer(operation, c.req.raw, c.req.param() as Record<string, string>),
  );
  app.openAPIRegistry.registerPath(createRoute({
    method: operation.method,
    path: operation.path,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.access === "user" ? { security: [{ bearer: [] }] } : {}),
    request: {
      ...(operation.params ? { params: operation.params as never } : {}),
      ...(operation.query ? { query: operation.query as never } : {}),
      ...(operation.body
        ? { body: { required: true, content: { "application/json": { schema: operation.body } } } }
        : {}),
    },
    responses: {
      [operation.status]: operation.response
        ? { description: "Done", content: { "application/json": { schema: operation.response } } }
        : { description: "Done" },
      default: {
        description: "An error",
        content: { "application/problem+json": { schema: ProblemSchema } },
      },
    },
  }));
}
