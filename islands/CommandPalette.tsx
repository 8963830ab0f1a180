import { useEffect, useRef, useState } from "preact/hooks";
import { paletteChoices, type Place } from "@/browser/palette_choices.ts";
import { type RecentTicket, recentTickets, rememberTicket } from "@/browser/recent_tickets.ts";
import { useSearch } from "@/browser/use_search.ts";
import { choiceId, ChoiceList } from "@/components/ChoiceList.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { Role } from "@/domain/cx.ts";
import { foundChoices } from "@/domain/search/wording.ts";

const LIST = "palette-choices";

/** Opens with Ctrl-K (or Cmd-K) on every page: goes to pages, recent tickets and search results. `user` is an id. */
export function CommandPalette({ places, role, user }: { places: Place[]; role: Role; user: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [recent, setRecent] = useState<RecentTicket[]>([]);
  const search = useSearch(open ? text : "");

  useEffect(() => {
    rememberTicket(user);
    const onKey = (event: KeyboardEvent) => {
      if (
        !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k"
      ) return;
      event.preventDefault();
      if (dialog.current?.open) return dialog.current.close();
      setText("");
      setActive(0);
      setRecent(recentTickets(user));
      setOpen(true);
      dialog.current?.showModal();
      input.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [user]);

  const groups = paletteChoices({
    text,
    places,
    recent,
    found: search.found ? foundChoices(search.found, role) : [],
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
