import { useEffect, useRef, useState } from "preact/hooks";

interface Person {
  id: string;
  name: string;
  email?: string;
  text: string;
  reads: boolean;
}

/** `@` and the beginning of a name, right before the caret. */
const CALL = /(?:^|[^\p{L}\p{N}_@])@([\p{L}\p{N}_'’.-]*(?: [\p{L}\p{N}_'’.-]+){0,2})$/u;
/** As far back as a name can reach. */
const LOOK_BACK = 80;
const ASK_AFTER_MS = 120;

/** Offers people to call as `@` and a name is typed: arrows choose, Enter or Tab takes, Escape leaves it. */
export function MentionBox({ ticketId }: { ticketId: string }) {
  const [people, setPeople] = useState<Person[]>([]);
  const [at, setAt] = useState(0);
  const here = useRef<HTMLDivElement>(null);
  const state = useRef({ people, at });
  state.current = { people, at };
  const take = useRef<(person: Person) => void>(() => {});
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
    take.current = (person) => {
      const call = callBefore(box);
      if (call === null) return close();
      const start = box.selectionStart - call.length - 1;
      box.setRangeText(`${person.text} `, start, box.selectionStart, "end");
      close();
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    };
    const onInput = () => {
      clearTimeout(timer);
      asked?.abort();
      const call = callBefore(box);
      if (call === null) return setPeople([]);
      timer = setTimeout(() => {
        asked = new AbortController();
        const visibility = new FormData(box.form!).get("visibility") ?? "public";
        const query = new URLSearchParams({ q: call, visibility: String(visibility) });
        ask(`/v1/tickets/${ticketId}/mentions?${query}`, asked.signal).then((found) => {
          setAt(0);
          setPeople(found);
        }, () => {});
      }, ASK_AFTER_MS);
    };
    const onKey = (event: KeyboardEvent) => {
      const { people, at } = state.current;
      if (people.length === 0 || event.isComposing) return;
      const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const taken = (event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab";
      if (move !== 0) setAt((at + move + people.length) % people.length);
      else if (taken) take.current(people[at]!);
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
              // The box must not lose its caret before this is heard.
              onMouseDown={(event) => {
                event.preventDefault();
                take.current(person);
              }}
            >
              <span>{person.name}</span>
              <span class="hint">{person.reads ? person.email ?? "" : "can’t read this"}</span>
            </li>
          ))}
        </ul>
      )}
      <span class="visually-hidden" role="status">
        {people.length > 0 ? `${people.length} people, arrows choose` : ""}
      </span>
    </div>
  );
}

/** What was typed of a name behind `@`, right before the caret; null when nobody is being called. */
function callBefore(box: HTMLTextAreaElement): string | null {
  if (box.selectionStart !== box.selectionEnd) return null;
  const before = box.value.slice(Math.max(0, box.selectionStart - LOOK_BACK), box.selectionStart);
  return CALL.exec(before)?.[1] ?? null;
}

async function ask(path: string, signal: AbortSignal): Promise<Person[]> {
  const response = await fetch(path, { signal });
  return response.ok ? (await response.json()).items : [];
}
