import pg from "pg";

export type Target =
  | { host: string; port: number; database: string }
  | { connectionString: string };

/** The roles of the design: owner migrates, app serves, lookup owns the definer functions and never logs in. */
export type Role = "servicehub_owner" | "servicehub_app";

// OIDs of timestamptz, int8 and the array of uuid: the driver's own parsers are slow, or lose the exact value.
const TIMESTAMPTZ = 1184, INT8 = 20, UUID_ARRAY = 2951;

/** Turns PostgreSQL's `2026-11-22 21:51:42.12+00` (session time zone UTC) into RFC 3339 with milliseconds. */
export function rfc3339(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${(text.slice(20, -3) + "000").slice(0, 3)}Z`;
}

const parsers = new Map<number, (text: string) => unknown>([
  [TIMESTAMPTZ, rfc3339],
  [INT8, Number],
  [UUID_ARRAY, (text) => text === "{}" ? [] : text.slice(1, -1).split(",")],
]);

/** The connection settings of `role` on `target`; times come back as RFC 3339 text, bigint as number. */
export function clientConfig(target: Target, role: { user: string; password?: string }): pg.ClientConfig {
  const where = "connectionString" in target
    ? withRole(target.connectionString, role)
    : { ...target, ...role };
  return {
    ...where,
    application_name: "servicehub",
    connectionTimeoutMillis: 5_000,
    options: "-c TimeZone=UTC -c DateStyle=ISO",
    types: {
      getTypeParser:
        ((oid: number, format?: "text" | "binary") =>
          (format !== "binary" && parsers.get(oid)) ||
          pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  };
}

function withRole(connectionString: string, role: { user: string; password?: string }): pg.ClientConfig {
  const url = new URL(connectionString);
  url.username = encodeURIComponent(role.user);
  url.password = encodeURIComponent(role.password ?? "");
  return { connectionString: url.href };
}
