import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { DomainError } from "@/domain/errors.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { dashboard } from "./dashboard.ts";
import { docsPage } from "./docs.ts";
import { closeBodies, describeAccess, describeOperation } from "./document.ts";
import type { AnyOperation } from "./operation.ts";
import { answer } from "./pipeline.ts";
import { problemResponse } from "./problem.ts";
import { readersOf } from "./readers.ts";
import { allowOrigins } from "./middleware/cors.ts";
import { attachments } from "./attachments.ts";
import { audit } from "./audit.ts";
import { auth } from "./auth.ts";
import { bulk } from "./bulk.ts";
import { calendars } from "./calendars.ts";
import { cannedReplies } from "./canned_replies.ts";
import { catalog } from "./catalog.ts";
import { categories } from "./categories.ts";
import { comments } from "./comments.ts";
import { events } from "./events.ts";
import { inbound } from "./inbound.ts";
import { links } from "./links.ts";
import { macros } from "./macros.ts";
import { me } from "./me.ts";
import { merges } from "./merges.ts";
import { notifications } from "./notifications.ts";
import { outbox } from "./outbox.ts";
import { presence } from "./presence.ts";
import { queues } from "./queues.ts";
import { ratings } from "./ratings.ts";
import { reports } from "./reports.ts";
import { savedReports } from "./saved_reports.ts";
import { search } from "./search.ts";
import { slaPolicies } from "./sla_policies.ts";
import { storage } from "./storage.ts";
import { suppressedAddresses } from "./suppressed_addresses.ts";
import { tags } from "./tags.ts";
import { tenant } from "./tenant.ts";
import { ticketExport } from "./ticket_export.ts";
import { tickets } from "./tickets.ts";
import { users } from "./users.ts";
import { views } from "./views.ts";
import { watchers } from "./watchers.ts";
import { webhookDeliveries } from "./webhook_deliveries.ts";
import { webhookEndpoints } from "./webhook_endpoints.ts";

/** Every operation of /v1. Routes, the document and the tests of roles all read this list. */
export const OPERATIONS: AnyOperation[] = [
  ...auth,
  ...me,
  ...users,
  ...search,
  ...ticketExport,
  ...tickets,
  ...merges,
  ...watchers,
  ...links,
  ...ratings,
  ...tags,
  ...comments,
  ...cannedReplies,
  ...macros,
  ...queues,
  ...categories,
  ...catalog,
  ...views,
  ...dashboard,
  ...reports,
  ...savedReports,
  ...bulk,
  ...notifications,
  ...events,
  ...presence,
  ...attachments,
  ...storage,
  ...calendars,
  ...slaPolicies,
  ...tenant,
  ...webhookEndpoints,
  ...webhookDeliveries,
  ...outbox,
  ...audit,
  ...suppressedAddresses,
  ...inbound,
];

const DESCRIPTION = `The REST API of a ServiceHub installation.

Whatever an operation doesn't know is refused with 422, the path, and the name that was probably meant: fields of bodies
and nested filters, query parameters, and fields of forms. Only the server sets ids, tenant, SLA clocks, versions, people
and times of the audit trail: in a body they are ignored (\`patternProperties\`). A client may send a resource back as it read it:
fields that can only be read are ignored while they are as they were, and refused when they differ.`;

const findReader = readersOf(OPERATIONS);

/** The app of /v1, with its OpenAPI 3.1 document at /v1/openapi.json and as a page at /v1/docs. */
export function createApi(): OpenAPIHono {
  const app = new OpenAPIHono().basePath("/v1");
  app.use(allowOrigins);
  describeAccess(app);
  for (const operation of OPERATIONS) register(app, operation);
  for (const path of new Set(OPERATIONS.map((operation) => operation.path))) refuseOtherMethods(app, path);
  app.get("/docs", (c) => c.html(docsPage(OPERATIONS)));
  let document: unknown;
  app.get("/openapi.json", (c) => {
    document ??= closeBodies(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: { title: "ServiceHub", version: "1", description: DESCRIPTION },
        servers: [{ url: "/" }],
      }) as unknown as Record<string, unknown>,
      OPERATIONS,
      findReader,
    );
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

/** An OpenAPI path in Hono's syntax. */
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

function register(app: OpenAPIHono, operation: AnyOperation): void {
  app.on(
    operation.method.toUpperCase(),
    honoPath(operation.path),
    (c) => answer(operation, c.req.raw, c.req.param() as Record<string, string>, findReader),
  );
  describeOperation(app, operation);
}

/** Answers other methods of a known path with 405 (RFC 9110, 15.5.6). Registered after the operations. */
function refuseOtherMethods(app: OpenAPIHono, path: string): void {
  const allowed = OPERATIONS.filter((operation) => operation.path === path)
    .map(({ method }) => method.toUpperCase());
  app.all(honoPath(path), (c) => {
    const response = refuse(c, new DomainError("method_not_allowed"));
    response.headers.set("allow", allowed.join(", "));
    return response;
  });
}
