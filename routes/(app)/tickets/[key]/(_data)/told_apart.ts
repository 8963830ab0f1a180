import type { Person } from "@/components/types.ts";
import type { Person as Known } from "@/domain/shared/types.ts";

/** A person as the page shows them: with their address where another has the same name. */
export function toldApart(person: Known, namesakes: ReadonlySet<string>): Person {
  return namesakes.has(person.id) ? { ...person, address: person.email } : person;
}
