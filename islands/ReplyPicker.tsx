import { useRef, useState } from "preact/hooks";
import { type PickerItem, readCannedReply } from "@/browser/canned_replies.ts";
import { insertParagraph } from "@/browser/composer.ts";
import { useClosing, useFiltered } from "@/browser/use_picker.ts";
import { Icon } from "@/components/Icon.tsx";
import { fillPlaceholders, type PlaceholderFacts } from "@/domain/replies/placeholders.ts";

const KINDS = {
  canned: {
    label: "Canned replies",
    icon: "comment",
    field: "cannedReplyId",
    none: "No canned replies yet",
    add: { href: "/admin/canned-replies/new", label: "Add a canned reply" },
  },
  macro: { label: "Macros", icon: "bolt", field: "macroId", none: "No macros yet", add: null },
} as const;

/** A shorter list needs no filter. */
const FILTER_FROM = 6;

/**
 * Offers canned replies or macros below the reply box. Each is a button of its form that posts to `action`, which shows
 * the page with it; with scripts a canned reply is inserted at once, and the list can be filtered.
 */
export function ReplyPicker({ kind, items, more = false, facts, action }: {
  kind: keyof typeof KINDS;
  items: PickerItem[];
  more?: boolean;
  facts?: PlaceholderFacts;
  action: string;
}) {
  const { label, icon, field, none, add } = KINDS[kind];
  const menu = useRef<HTMLDetailsElement>(null);
  const live = useClosing(menu);
  const [words, setWords] = useState("");
  const shown = useFiltered(items, { words, more });
  const insert = (event: MouseEvent, id: string) => {
    if (kind !== "canned" || !facts) return;
    const button = event.currentTarget as HTMLButtonElement;
    const box = button.form?.querySelector("textarea");
    event.preventDefault();
    if (menu.current) menu.current.open = false;
    readCannedReply(id).then(
      (text) => box && insertParagraph(box, fillPlaceholders(text, facts)),
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
        {live && (more || items.length >= FILTER_FROM) && (
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
        {shown.length === 0 && <p class="hint">{words ? "No results" : none}</p>}
        {add && <a class="menu-item" href={add.href}>{add.label}</a>}
      </div>
    </details>
  );
}
