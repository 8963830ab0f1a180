import type { Person } from "./types.ts";

const HUES = 8;

/** A person's initials. The colour follows from the id, so that it's the same everywhere. */
export function Avatar({ person, size = "md" }: { person: Person; size?: "sm" | "md" | undefined }) {
  return (
    <span class={`avatar av-${hue(person.id)}${size === "md" ? "" : " avatar-sm"}`} aria-hidden="true">
      {initials(person.name)}
    </span>
  );
}

/** Avatar and name; `none` stands for nobody. */
export function PersonName({ person, none = "Unassigned" }: {
  person: Person | null;
  none?: string | undefined;
}) {
  return (
    <span class="person">
      {person
        ? <Avatar person={person} size="sm" />
        : <span class="avatar avatar-sm avatar-none" aria-hidden="true" />}
      <span class={person ? "truncate" : "truncate muted"}>{person ? nameOf(person) : none}</span>
    </span>
  );
}

/** The name, and the address where it isn't enough. */
export function nameOf({ name, address }: Person): string {
  return address ? `${name} (${address})` : name;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0] ?? "";
  const last = words.length > 1 ? words[words.length - 1] ?? "" : "";
  return (firstLetter(first) + firstLetter(last)).toUpperCase() || "?";
}

function firstLetter(word: string): string {
  return [...word][0] ?? "";
}

function hue(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}
