import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { invalidField, unknownId } from "@/domain/errors.ts";
import { findPeople } from "./people.ts";
import { parseQuery } from "./query.ts";
import { allTerms, readUnits } from "./terms.ts";
import { line } from "@/domain/validation.ts";
import type { Person } from "@/domain/shared/types.ts";

/** An address, or for staff a name. */
export const personText = line(1, 254);

const MOST_NAMED = 5;

/** By address, for staff also by a unique name. @throws DomainError invalid, about `path`, for nobody or several people */
export async function resolvePerson(cx: UserCx, text: string, path: string): Promise<Required<Person>> {
  const byAddress = await cx.db.first<Required<Person>>(
    sql`select id, name, email from users where tenant_id = ${cx.tenant.id}
      and email_key = lower(${text}) and deactivated_at is null`,
  );
  if (byAddress) return byAddress;
  if (!isStaff(cx.actor.role)) throw unknownId(path);
  const terms = allTerms(await readUnits(cx, parseQuery(text)));
  const found = await findPeople(cx, terms, MOST_NAMED + 1);
  const people = found.map(({ id, name, email }) => ({ id, name: name.text, email: email.text }));
  const exact = people.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  const [one, another] = exact.length > 0 ? exact : people;
  if (!one) throw invalidField(path, "unknown", "No one has this name or email address");
  if (!another) return one;
  const named = people.slice(0, MOST_NAMED).map(({ name, email }) => `${name} (${email})`).join(", ");
  const more = people.length > MOST_NAMED ? " and others" : "";
  throw invalidField(
    path,
    "several",
    `Several people have this name: ${named}${more}. Enter the email address`,
  );
}
