import type { Secrets } from "@/ports.ts";
import { issueAccessToken } from "@/domain/auth/access_tokens.ts";
import { type Seat, type SeededTenant, SESSION_SECRET } from "./seed.ts";

/** One HTTP request of an operation, and the status it has to be answered with. */
export interface Shot {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string;
  status: number;
}

/** An operation that is measured: what it is, its bar against the ceiling, and many requests of it. */
export interface Scenario {
  name: "create" | "comment" | "list" | "detail" | "page";
  about: string;
  /** The least share of the ceiling at 16 connections; none where nothing was promised. */
  bar?: number;
  shots: Shot[];
}

/** Requests of each operation: few enough to be warm, many enough that 16 connections seldom meet on one row. */
const VARIANTS = 400;

const DESCRIPTION = "The printer on the third floor shows a paper jam, but there is none. ".repeat(5).trim();
const COMMENT = "I opened the back cover and cleaned the rollers: please try again. ".repeat(3).trim();

/**
 * What the bench asks of the product: half of the requests from the large tenants, half from the small ones.
 *
 * @param secrets those of the installation, to sign access tokens as a sign-in would
 */
export function scenarios(tenants: SeededTenant[], secrets: Secrets): Scenario[] {
  const large = tenants.filter((tenant) => tenant.tickets >= 10_000);
  const small = tenants.filter((tenant) => tenant.tickets < 10_000);
  const halves = [large, small].filter((half) => half.length > 0);
  const make = (shot: (tenant: SeededTenant, turn: number) => Shot): Shot[] =>
    Array.from({ length: VARIANTS }, (_, i) => {
      const half = halves[i % halves.length]!;
      const turn = Math.floor(i / halves.length);
      return shot(half[turn % half.length]!, Math.floor(turn / half.length));
    });
  const bearer = (tenant: SeededTenant, seat: Seat) => ({
    authorization: `Bearer ${
      issueAccessToken(secrets, { tenantId: tenant.id, sessionId: seat.sessionId, userId: seat.userId })
    }`,
  });
  const agent = (tenant: SeededTenant, turn: number) => bearer(tenant, at(tenant.agents, turn));
  const json = { "content-type": "application/json" };
  return [
    {
      name: "create",
      about: "POST /v1/tickets, as a requester, with a category and two tags",
      bar: 0.5,
      shots: make((tenant, turn) => ({
        method: "POST",
        path: "/v1/tickets",
        headers: { ...json, ...bearer(tenant, at(tenant.requesters, turn)) },
        body: JSON.stringify({
          title: `The printer does not answer (${turn})`,
          description: DESCRIPTION,
          impact: "medium",
          urgency: "high",
          categoryId: at(tenant.categories, turn),
          tags: ["printer", "floor-3"],
        }),
        status: 201,
      })),
    },
    {
      name: "comment",
      about: "POST /v1/tickets/{id}/comments, as an agent, in public",
      bar: 0.5,
      shots: make((tenant, turn) => ({
        method: "POST",
        path: `/v1/tickets/${at(tenant.targets, turn).id}/comments`,
        headers: { ...json, ...agent(tenant, turn) },
        body: JSON.stringify({ body: COMMENT, visibility: "public" }),
        status: 201,
      })),
    },
    {
      name: "list",
      about: "GET /v1/tickets?status=open&sort=-updated&limit=50, as an agent",
      bar: 0.35,
      shots: make((tenant, turn) => ({
        method: "GET",
        path: "/v1/tickets?status=open&sort=-updated&limit=50",
        headers: agent(tenant, turn),
        status: 200,
      })),
    },
    {
      name: "detail",
      about: "GET /v1/tickets/{id}?include=comments, as an agent: the ticket with its 50 comments",
      bar: 0.35,
      shots: make((tenant, turn) => ({
        method: "GET",
        path: `/v1/tickets/${at(tenant.deep, turn).id}?include=comments`,
        headers: agent(tenant, turn),
        status: 200,
      })),
    },
    {
      name: "page",
      about:
        "GET /tickets/{key}, as an agent by session cookie: the ticket's HTML page, with its 50 comments",
      shots: make((tenant, turn) => ({
        method: "GET",
        path: `/tickets/${at(tenant.deep, turn).key}`,
        headers: { cookie: `session=${tenant.id}.${at(tenant.agents, turn).sessionId}.${SESSION_SECRET}` },
        status: 200,
      })),
    },
  ];
}

function at<T>(list: T[], turn: number): T {
  return list[turn % list.length]!;
}
