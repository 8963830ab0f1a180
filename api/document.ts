import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import { readOnlyFields } from "./known_input.ts";
import type { AnyOperation, Uploading } from "./operation.ts";
import type { FindReader, Reader } from "./readers.ts";
import { serverFields } from "./server_fields.ts";

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
        ...(isUser && operation.download
          ? {
            content: {
              ...(response ? { "application/json": { schema: response } } : {}),
              "*/*": { schema: BINARY },
            },
          }
          : {}),
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
type Body = { content: Record<string, { schema: Described }> };

/**
 * Says in the document what holds for every body: fields that aren't named are refused, but for what only the server sets and
 * what a change's resource was read with.
 */
export function closeBodies(
  document: Described,
  operations: readonly AnyOperation[],
  find: FindReader,
): Described {
  const paths = document.paths as Record<string, Record<string, { requestBody?: Body }>>;
  for (const operation of operations) {
    const { content = {} } = paths[`/v1${operation.path}`]?.[operation.method]?.requestBody ?? {};
    for (const media of Object.values(content)) {
      close(media.schema);
      if (media.schema.additionalProperties === false) {
        media.schema = withIgnored(media.schema, operation, find(`/v1${operation.path}`));
      }
    }
  }
  return document;
}

function close(schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  const described = schema as Described;
  const isObject = [described.type].flat().includes("object");
  if (isObject && described.properties && described.additionalProperties === undefined) {
    described.additionalProperties = false;
  }
  for (const inner of Object.values(described)) close(inner);
}

function withIgnored(schema: Described, operation: AnyOperation, reader: Reader | undefined): Described {
  const taken = schema.properties as Described;
  const changes = reader && /^(?:patch|put)$/.test(operation.method);
  const readOnly = changes ? [...readOnlyFields(operation, reader)] : [];
  return {
    ...schema,
    properties: {
      ...taken,
      ...Object.fromEntries(
        readOnly.map(([name, refusal]) => [name, { readOnly: true, description: refusal ?? "Ignored" }]),
      ),
    },
    patternProperties: {
      [serverFields(Object.keys(taken))]: { readOnly: true, description: "Only the server sets it: ignored" },
    },
  };
}
