import { useEffect, useRef, useState } from "preact/hooks";
import { announceInput, visibilityOf } from "@/browser/composer.ts";
import { findMentionable, type Mentionable, mentionBefore } from "@/browser/mentions.ts";

const PAUSE_MS = 120;

/** Offers people to mention when `@` is typed: arrows select, Enter or Tab inserts, Escape closes. */
export function MentionBox({ ticketId }: { ticketId: string }) {
  const [people, setPeople] = useState<Mentionable[]>([]);
  const [at, setAt] = useState(0);
  const here = useRef<HTMLDivElement>(null);
  const state = useRef({ people, at });
  state.current = { people, at };
  const insert = useRef<(person: Mentionable) => void>(() => {});
  useEffect(() => {
    const box = here.current?.closest("form")?.querySelector("textarea");
    if (!box) return;
    let asked: AbortController | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const close = () => {
      clearTimeout(timer);
      asked?.abort();
      setPeople([]);
    };
    insert.current = (person) => {
      const typed = mentionBefore(box);
      if (typed === null) return close();
      const start = box.selectionStart - typed.length - 1;
      box.setRangeText(`${person.text} `, start, box.selectionStart, "end");
      close();
      announceInput(box);
      box.focus();
    };
    const onInput = () => {
      clearTimeout(timer);
      asked?.abort();
      const q = mentionBefore(box);
      if (q === null) return setPeople([]);
      timer = setTimeout(() => {
        asked = new AbortController();
        const visibility = visibilityOf(box.form!);
        findMentionable({ ticketId, q, visibility, signal: asked.signal }).then((found) => {
          setAt(0);
          setPeople(found);
        }, () => {});
      }, PAUSE_MS);
    };
    const onKey = (event: KeyboardEvent) => {
      const { people, at } = state.current;
      if (people.length === 0 || event.isComposing) return;
      const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const accepts = (event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab";
      if (move !== 0) setAt((at + move + people.length) % people.length);
      else if (accepts) insert.current(people[at]!);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    };
    box.addEventListener("input", onInput);
    box.addEventListener("keydown", onKey);
    box.addEventListener("blur", close);
    box.setAttribute("aria-autocomplete", "list");
    return () => {
      close();
      box.removeEventListener("input", onInput);
      box.removeEventListener("keydown", onKey);
      box.removeEventListener("blur", close);
    };
  }, [ticketId]);
  useEffect(() => {
    const box = here.current?.closest("form")?.querySelector("textarea");
    const person = people[at];
    here.current?.querySelector("ul")?.scrollIntoView({ block: "nearest" });
    if (person) {
      box?.setAttribute("aria-controls", "mention-list");
      box?.setAttribute("aria-activedescendant", `mention-${person.id}`);
    } else {
      box?.removeAttribute("aria-controls");
      box?.removeAttribute("aria-activedescendant");
    }
  }, [people, at]);
  return (
    <div data-island class="mention-anchor" ref={here}>
      {people.length > 0 && (
        <ul class="menu-panel mention-list" id="mention-list" role="listbox" aria-label="People to mention">
          {people.map((person, i) => (
            <li
              key={person.id}
              id={`mention-${person.id}`}
              class="mention-option"
              role="option"
              aria-selected={i === at}
              // Keeps the focus and the caret in the box.
              onMouseDown={(event) => {
                event.preventDefault();
                insert.current(person);
              }}
            >
              <span>{person.name}</span>
              <span class="hint">{person.reads ? person.email ?? "" : "can’t read this"}</span>
            </li>
          ))}
        </ul>
      )}
      <span class="visually-hidden" role="status">
        {people.length > 0 ? `${people.length} people, use the arrow keys` : ""}
      </span>
    </div>
  );
}
