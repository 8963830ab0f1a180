import { useEffect, useRef, useState } from "preact/hooks";
import { choiceId, ChoiceList } from "@/components/ChoiceList.tsx";
import { Icon } from "@/components/Icon.tsx";
import { useFound } from "@/browser/use_found.ts";
import type { Role } from "@/domain/cx.ts";
import { marked } from "@/domain/search/highlight.ts";
import { type Choice, type ChoiceGroup, foundChoices, plain, searchHref } from "@/domain/search/wording.ts";

const LIST = "palette-choices";
const MOST_RECENT = 5;

/** A page that can be gone to. */
export interface Place {
  href: string;
  label: string;
}

/** Behind Ctrl-K (or Cmd-K) on every page: goes to pages, recent tickets, and what is found. `user` is the person's id. */
export function CommandPalette({ places, role, user }: { places: Place[]; role: Role; user: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [recent, setRecent] = useState<Choice[]>([]);
  const typed = useFound(open ? text : "");

  useEffect(() => {
    remember(user);
    const onKey = (event: KeyboardEvent) => {
      if (
        !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k"
      ) return;
      event.preventDefault();
      if (dialog.current?.open) return dialog.current.close();
      setText("");
      setActive(0);
      setRecent(remembered(user));
      setOpen(true);
      dialog.current?.showModal();
      input.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [user]);

  const groups = groupsOf({
    text,
    places,
    recent,
    found: typed.found ? foundChoices(typed.found, role) : [],
  });
  const count = groups.reduce((sum, { choices }) => sum + choices.length, 0);
  const at = Math.min(active, count - 1);

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = (at + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
      setActive(next);
      document.getElementById(choiceId(LIST, next))?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      document.getElementById(choiceId(LIST, at))?.click();
    }
  }

  return (
    <dialog
      data-island
      ref={dialog}
      class="palette"
      aria-label="Go to anything"
      onClose={() => setOpen(false)}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="palette-body">
        <div class="palette-field">
          <Icon name="search" />
          <input
            ref={input}
            class="palette-input"
            type="text"
            value={text}
            placeholder="Go to a page, a ticket, a person …"
            aria-label="Go to anything"
            maxLength={200}
            autoComplete="off"
            spellcheck={false}
            role="combobox"
            aria-expanded
            aria-controls={LIST}
            aria-autocomplete="list"
            aria-activedescendant={choiceId(LIST, at)}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <kbd>Esc</kbd>
        </div>
        {open && <ChoiceList id={LIST} label="Go to" groups={groups} active={at} onActive={setActive} />}
        <span class="visually-hidden" role="status">{open && text !== "" ? `${count} choices` : ""}</span>
      </div>
    </dialog>
  );
}

/** What can be chosen for a text: pages that have it in their names, what was found, and the search page itself. */
function groupsOf({ text, places, recent, found }: {
  text: string;
  places: Place[];
  recent: Choice[];
  found: ChoiceGroup[];
}): ChoiceGroup[] {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  const pages = places.filter(({ label }) =>
    words.every((word) => ` ${label.toLowerCase()}`.includes(` ${word}`))
  );
  const sought = words.map((word) => ({ word, begins: true, words: [] }));
  const goTo: Choice[] = pages.map(({ href, label }) => ({
    href,
    label: marked(label, sought),
    icon: href === "/tickets/new" ? "plus" : "arrow",
  }));
  const all: ChoiceGroup[] = wanted === ""
    ? [{ label: "Recent tickets", choices: recent }, { label: "Go to", choices: goTo }]
    : [
      { label: "Go to", choices: goTo },
      ...found,
      {
        label: "Search",
        choices: [{
          href: searchHref(text.trim()),
          label: plain(`Search for “${text.trim()}”`),
          icon: "search",
        }],
      },
    ];
  return all.filter(({ choices }) => choices.length > 0);
}

/** Keeps, for this tab alone, which ticket this page shows. */
function remember(user: string): void {
  const key = /^\/tickets\/([A-Z]+-\d+)$/.exec(location.pathname)?.[1];
  const title = document.querySelector("main h1")?.textContent;
  if (!key || !title) return;
  const others = remembered(user).filter(({ code }) => code !== key);
  const list = [{ key, title }, ...others.map((one) => ({ key: one.code!, title: one.label.text }))];
  try {
    sessionStorage.setItem(`recent:${user}`, JSON.stringify(list.slice(0, MOST_RECENT)));
  } catch {
    // A browser that keeps nothing for this site goes without.
  }
}

function remembered(user: string): Choice[] {
  try {
    const list = JSON.parse(sessionStorage.getItem(`recent:${user}`) ?? "[]") as {
      key: string;
      title: string;
    }[];
    return list.map(({ key, title }) => ({
      href: `/tickets/${key}`,
      code: key,
      label: plain(String(title)),
      icon: "clock",
    }));
  } catch {
    return [];
  }
}
