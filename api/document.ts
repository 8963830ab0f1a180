import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import type { AnyOperation, Uploading } from "./operation.ts";

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

const IDEMPOTENCY_KEY = z.string().max(200).optional().openapi({
  description: "A retry with the same key and body within 24 hours returns the first answer",
});
const IF_MATCH = z.string().optional().openapi({
  description: 'The ETag the change is based on, such as "3". Alternatively send `version` in the body',
});

const LAST_EVENT_ID = z.string().optional().openapi({
  description: "Resumes a stream after this event, without gaps or repeats",
});

const BINARY = z.any().openapi({ type: "string", format: "binary" });

function formOf({ fields }: Uploading) {
  const schema = (fields as z.ZodObject).extend({
    file: z.array(BINARY).openapi({ description: `Up to ${MOST_FILES} files` }),
  });
  return { required: true, content: { "multipart/form-data": { schema } } };
}

/** Adds the security schemes to the document. */
export function describeAccess(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The accessToken from /v1/auth/login, valid for ten minutes",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "__Host-session",
    description: "The session cookie. Unsafe methods also need a same-origin Origin or Sec-Fetch-Site header",
  });
}

/** Adds an operation to the document, from the schemas that validate its input. */
export function describeOperation(app: OpenAPIHono, operation: AnyOperation): void {
  const { params, query, body, response, status } = operation;
  const isUser = operation.access === "user";
  app.openAPIRegistry.registerPath(createRoute({
    method: operation.method,
    path: operation.path,
    tags: [operation.tag],
    summary: operation.summary,
    ...(isUser || operation.needsSession ? { security: [{ bearer: [] }, { session: [] }] } : {}),
    request: {
      ...(params ? { params: params as never } : {}),
      ...(query ? { query: query as never } : {}),
      headers: z.object({
        ...(operation.creates ? { "idempotency-key": IDEMPOTENCY_KEY } : {}),
        ...(isUser && operation.versioned ? { "if-match": IF_MATCH } : {}),
        ...(isUser && operation.stream ? { "last-event-id": LAST_EVENT_ID } : {}),
      }),
      ...(body ? { body: { required: true, content: { "application/json": { schema: body } } } } : {}),
      ...(isUser && operation.upload ? { body: formOf(operation.upload) } : {}),
    },
    responses: {
      [status]: {
        description: "Done",
        ...(response
          ? {
            content: {
              "application/json": { schema: response },
              ...(isUser && operation.stream ? { "text/event-stream": { schema: z.string() } } : {}),
            },
          }
          : {}),
        ...(isUser && operation.download ? { content: { "*/*": { schema: BINARY } } } : {}),
        ...(status === 201 && isUser ? { headers: z.object({ location: z.string() }) } : {}),
      },
      default: {
        description: "An error",
        content: { "application/problem+json": { schema: ProblemSchema } },
      },
    },
  }));
}

type Described = Record<string, unknown>;

/** Says in the document what holds for every body: fields that aren't named are refused. */
export function closeBodies(document: Described): Described {
  const paths = Object.values(document.paths ?? {}) as Record<
    string,
    { requestBody?: { content: Described } }
  >[];
  for (const { requestBody } of paths.flatMap((methods) => Object.values(methods))) {
    for (const media of Object.values(requestBody?.content ?? {})) close((media as Described).schema);
  }
  return document;
}

function close(schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  const described = schema as Described;
  if (described.type === "object" && described.properties && described.additionalProperties === undefined) {
    described.additionalProperties = false;
  }
  for (const inner of Object.values(described)) close(inner);
}
