import { useEffect, useState } from "preact/hooks";
import { textInPage } from "@/browser/in_page.ts";
import { useSearch } from "@/browser/use_search.ts";
import { choiceId, ChoiceList, moved } from "@/components/ChoiceList.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { Role } from "@/domain/cx.ts";
import { foundChoices, plain, searchHref } from "@/domain/search/wording.ts";

const LIST = "search-choices";

/** The search of every page, with results below it as one types. */
export function SearchBox({ value, role }: { value: string; role: Role }) {
  const [text, setText] = useState(() => textInPage(".search input[name=q]", value));
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [used, setUsed] = useState(false);
  const search = useSearch(used ? text : "");
  const groups = search.found ? foundChoices(search.found, role) : [];
  const found = groups.reduce((sum, { choices }) => sum + choices.length, 0);
  if (search.found) {
    const label = found > 0 ? `All results for “${search.q}”` : `No quick results: search for “${search.q}”`;
    groups.push({
      label: "",
      choices: [{ href: searchHref(search.q), label: plain(label), icon: "search" }],
    });
  }
  const count = search.found ? found + 1 : 0;
  const shown = open && count > 0;
  useEffect(() => setActive(-1), [search.q]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) {
        setUsed(true);
        setOpen(true);
        return setActive(count > 0 ? 0 : -1);
      }
      const next = moved(active, event.key === "ArrowDown" ? 1 : -1, count);
      setActive(next);
      document.getElementById(choiceId(LIST, next))?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && shown && active >= 0) {
      event.preventDefault();
      document.getElementById(choiceId(LIST, active))?.click();
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      setOpen(false);
    }
  }

  return (
    <form
      data-island
      class="search"
      role="search"
      action="/search"
      method="get"
      onSubmit={() => setOpen(false)}
    >
      <Icon name="search" size="sm" />
      <input
        class="input"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        name="q"
        value={text}
        placeholder="Search"
        aria-label="Search"
        maxLength={200}
        autoComplete="off"
        spellcheck={false}
        role="combobox"
        aria-expanded={shown}
        aria-controls={LIST}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? choiceId(LIST, active) : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setUsed(true);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      <kbd class="search-key" aria-hidden="true">Ctrl K</kbd>
      {shown && (
        <div class="search-panel">
          <ChoiceList id={LIST} label="Results" groups={groups} active={active} onActive={setActive} />
        </div>
      )}
      <span class="visually-hidden" role="status">
        {shown ? (found === 1 ? "1 result" : `${found} results`) : ""}
      </span>
    </form>
  );
}
