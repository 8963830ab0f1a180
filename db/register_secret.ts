import type pg from "pg";
import { MigrationError } from "./migrate.ts";

/**
 * Leaves the hash of what opens the doors in the database. The first process decides: one with another secret key must
 * not lock the others out. @throws MigrationError when the database knows another
 */
export async function registerSecret(owner: pg.Client, secret: string): Promise<void> {
  await owner.query(
    "insert into door (secret_hash) values (sha256(convert_to($1, 'UTF8'))) on conflict (single) do nothing",
    [secret],
  );
  const { rows } = await owner.query(
    "select from door where secret_hash = sha256(convert_to($1, 'UTF8'))",
    [secret],
  );
  if (rows.length > 0) return;
  throw new MigrationError("Cannot start: SECRET_KEY is not the one this database was made with");
}
