import sqlTag, { empty, join, raw, Sql } from "sql-template-tag";
import type { Client, QueryResult, QueryResultRow } from "pg";

/** Tagged template for SQL: values become parameters, nested `sql` becomes part of the statement. */
export const sql = sqlTag;
export { empty, join, raw, Sql };

export interface Queries {
  /**
   * Runs a statement and returns its rows. It is kept prepared under a name, unless it is `rare`: then it is planned for
   * its values each time. @throws pg.DatabaseError when PostgreSQL refuses it
   */
  rows<Row extends QueryResultRow>(statement: Sql, how?: { rare: boolean }): Promise<Row[]>;
  first<Row extends QueryResultRow>(statement: Sql): Promise<Row | undefined>;
  run(statement: Sql): Promise<number>;
  /** How many statements have been sent, savepoints aside. */
  readonly sent: number;
  /** Runs `fn` in a savepoint, so that an expected failure in it leaves the transaction usable. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
}

/** Most prepared statements of a process. Further ones run unnamed, so that a bug can't fill the server's memory. */
const MOST_NAMES = 1000;
const names = new Map<string, string>();

/** Nothing that outlives its transaction, as PREPARE, SET and LISTEN, or changes roles, as ALTER. */
const COMMANDS = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN"];

function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (!name && names.size < MOST_NAMES) names.set(text, name = `s${names.size}`);
  return name;
}

export function prepared(statement: Sql): { name?: string; text: string; values: unknown[] } {
  const text = statement.text;
  const name = nameOf(text);
  return name ? { name, text, values: statement.values } : { text, values: statement.values };
}

/**
 * @returns also `end`, after which statements throw: what still runs of a use case that has failed must not reach a
 * connection that serves somebody else by then; and `refused`, whether one ran that isn't of a use case
 */
export function queriesOn(client: Client): { db: Queries; end: () => void; refused: () => boolean } {
  let savepoints = 0;
  let sent = 0;
  let ended = false;
  let refused = false;
  async function query<Row extends QueryResultRow>(
    statement: Sql | string,
    rare = false,
  ): Promise<QueryResult<Row>> {
    if (ended) throw new Error("Cannot run a statement: its transaction has ended");
    if (typeof statement !== "string") sent++;
    if (typeof statement === "string") return await client.query<Row>(statement);
    const { text, values } = statement;
    const result = await client.query<Row>(rare ? { text, values } : prepared(statement));
    if (!COMMANDS.includes(result.command)) {
      refused = true;
      throw new Error(`Cannot run ${result.command}: use cases read and write rows`);
    }
    return result;
  }
  const db: Queries = {
    get sent() {
      return sent;
    },
    rows: async <Row extends QueryResultRow>(statement: Sql, { rare } = { rare: false }) =>
      (await query<Row>(statement, rare)).rows,
    first: async <Row extends QueryResultRow>(statement: Sql) => (await query<Row>(statement)).rows[0],
    run: async (statement) => (await query(statement)).rowCount ?? 0,
    async savepoint(fn) {
      const name = `sp${++savepoints}`;
      await query(`savepoint ${name}`);
      try {
        const result = await fn();
        await query(`release savepoint ${name}`);
        return result;
      } catch (error) {
        await query(`rollback to savepoint ${name}`);
        throw error;
      }
    },
  };
  return { db, end: () => ended = true, refused: () => refused };
}
