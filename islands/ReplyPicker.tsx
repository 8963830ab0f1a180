import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "@/components/Icon.tsx";
import { fillPlaceholders, type PlaceholderFacts } from "@/domain/replies/placeholders.ts";

interface Item {
  id: string;
  title: string;
  text: string;
}

const KINDS = {
  canned: {
    label: "Canned replies",
    icon: "comment",
    field: "cannedReplyId",
    none: "No canned replies yet",
    add: { href: "/admin/canned-replies/new", label: "Write one" },
  },
  macro: { label: "Macros", icon: "bolt", field: "macroId", none: "No macros yet", add: null },
} as const;

/** A filter helps from so many on. */
const MANY = 6;

/**
 * Offers canned replies or macros below the reply box. Each is a button of its form that posts to `action`, where the
 * page is shown again with it; with scripts a canned reply is put in at once, and words filter the list.
 */
export function ReplyPicker({ kind, items, more = false, facts, action }: {
  kind: keyof typeof KINDS;
  items: Item[];
  more?: boolean;
  facts?: PlaceholderFacts;
  action: string;
}) {
  const { label, icon, field, none, add } = KINDS[kind];
  const menu = useRef<HTMLDetailsElement>(null);
  const [live, setLive] = useState(false);
  const [words, setWords] = useState("");
  const [found, setFound] = useState<Item[] | null>(null);
  useEffect(() => {
    setLive(true);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && menu.current?.open) close(menu.current);
    };
    const onPress = (event: Event) => {
      if (menu.current?.open && !menu.current.contains(event.target as Node)) menu.current.open = false;
    };
    addEventListener("keydown", onKey);
    addEventListener("pointerdown", onPress);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("pointerdown", onPress);
    };
  }, []);
  useEffect(() => {
    if (!more || words === "") return setFound(null);
    const aborted = new AbortController();
    const timer = setTimeout(() => {
      search(words, aborted.signal).then(setFound, () => setFound(null));
    }, 150);
    return () => {
      clearTimeout(timer);
      aborted.abort();
    };
  }, [words]);
  const shown = found ??
    items.filter(({ title, text }) => `${title} ${text}`.toLowerCase().includes(words.trim().toLowerCase()));
  const insert = (event: MouseEvent, id: string) => {
    if (kind !== "canned" || !facts) return;
    const button = event.currentTarget as HTMLButtonElement;
    event.preventDefault();
    if (menu.current) menu.current.open = false;
    read(id).then(
      (text) => put(button.form, fillPlaceholders(text, facts)),
      () => button.form?.requestSubmit(button),
    );
  };
  return (
    <details data-island class="menu" ref={menu} name="reply-tools">
      <summary class="button button-quiet button-sm">
        <Icon name={icon} size="sm" />
        {label}
      </summary>
      <div class="menu-panel picker">
        {live && (more || items.length >= MANY) && (
          <input
            class="input"
            type="search"
            placeholder="Filter"
            aria-label={`Filter ${label.toLowerCase()}`}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              menu.current?.querySelector<HTMLButtonElement>("button")?.click();
            }}
          />
        )}
        <div class="picker-items">
          {shown.map(({ id, title, text }) => (
            <button
              key={id}
              class="menu-item picker-item"
              type="submit"
              name={field}
              value={id}
              formAction={action}
              formenctype="application/x-www-form-urlencoded"
              formNoValidate
              onClick={(event) => insert(event, id)}
            >
              <span>{title}</span>
              {text && <span class="hint">{text}</span>}
            </button>
          ))}
        </div>
        {shown.length === 0 && <p class="hint">{words ? "Nothing found" : none}</p>}
        {add && <a class="menu-item" href={add.href}>{add.label}</a>}
      </div>
    </details>
  );
}

function close(menu: HTMLDetailsElement): void {
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

async function search(words: string, signal: AbortSignal): Promise<Item[]> {
  const { items } = await get(`/v1/canned-replies?limit=20&q=${encodeURIComponent(words)}`, signal);
  return (items as { id: string; title: string; shared: boolean }[])
    .map(({ id, title, shared }) => ({ id, title, text: shared ? "" : "Only you" }));
}

async function read(id: string): Promise<string> {
  return (await get(`/v1/canned-replies/${id}`)).body as string;
}

async function get(path: string, signal: AbortSignal | null = null): Promise<Record<string, unknown>> {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error(`Cannot read "${path}": ${response.status}`);
  return await response.json();
}

/** Puts a text where the caret is in the form's box, with lines of its own. */
function put(form: HTMLFormElement | null, text: string): void {
  const box = form?.querySelector("textarea");
  if (!box) return;
  const before = box.value.slice(0, box.selectionStart);
  const space = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  box.setRangeText(space + text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}
