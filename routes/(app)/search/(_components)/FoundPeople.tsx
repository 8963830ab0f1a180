import { Avatar } from "@/components/Avatar.tsx";
import { MarkedText } from "@/components/MarkedText.tsx";
import type { Role } from "@/domain/cx.ts";
import type { FoundPerson } from "@/domain/search/people.ts";
import { personHref } from "@/domain/search/wording.ts";

/** People that match. `role` is the viewer's: it decides where a person's name leads. */
export function FoundPeople({ people, role }: { people: FoundPerson[]; role: Role }) {
  return (
    <ul class="found-list">
      {people.map((person) => (
        <li key={person.id} class="found found-person">
          <Avatar person={{ id: person.id, name: person.name.text }} />
          <span class="found-names">
            <a class="row-link" href={personHref(person.id, role)}>
              <MarkedText marked={person.name} />
            </a>
            <span class="muted truncate">
              <MarkedText marked={person.email} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
