import type { Visibility } from "./composer.ts";

/** An unsent reply. `at` is when it was typed; `sent` until the page after it proves that it arrived. */
export interface Draft {
  text: string;
  at: number;
  sent?: true;
}

const VISIBILITIES: Visibility[] = ["public", "internal"];

/** The drafts of one person on one ticket, in this browser: one of a reply, one of a note. */
export interface DraftStore {
  keyOf(visibility: Visibility): string;
  read(visibility: Visibility): Draft | null;
  /** An empty text deletes the draft. */
  write(visibility: Visibility, draft: Draft): void;
}

/** @param name the person and the ticket */
export function openDrafts(name: string): DraftStore {
  const keyOf = (visibility: Visibility) => `draft:${name}:${visibility}`;
  return {
    keyOf,
    read(visibility) {
      try {
        return parseDraft(localStorage.getItem(keyOf(visibility)));
      } catch {
        return null;
      }
    },
    write(visibility, draft) {
      try {
        if (draft.text === "") localStorage.removeItem(keyOf(visibility));
        else localStorage.setItem(keyOf(visibility), JSON.stringify(draft));
      } catch {
        // The browser stores nothing for this site.
      }
    },
  };
}

/** Reads what is stored; null for no draft, or one that can't be read. */
export function parseDraft(stored: string | null): Draft | null {
  try {
    const draft = JSON.parse(stored ?? "null");
    return typeof draft?.text === "string" && draft.text !== ""
      ? { ...draft, at: Number(draft.at) || 0 }
      : null;
  } catch {
    return null;
  }
}

/** Puts the latest draft into the box. @returns whether there was one */
export function restoreDraft(
  box: HTMLTextAreaElement,
  { drafts, visibility }: { drafts: DraftStore; visibility: Visibility },
): boolean {
  const kept = unsentDrafts(drafts);
  if (box.value !== "") {
    // The page came with a quote: it goes behind the draft.
    const typed = kept.find(({ of }) => of === visibility)?.text.trimEnd();
    const quoted = new URLSearchParams(location.search).has("quote");
    if (!quoted || !typed || typed.includes(box.value.trimEnd())) return false;
    box.value = `${typed}\n\n${box.value}`;
    return true;
  }
  const [latest] = kept;
  if (!latest) return false;
  const choice = box.form!.querySelector<HTMLInputElement>(`input[name=visibility][value=${latest.of}]`);
  if (latest.of !== visibility && !choice) return false;
  if (choice?.type === "radio") choice.checked = true;
  box.value = latest.text;
  return true;
}

/** The latest first. A sent draft is deleted once its comment is on the page. */
function unsentDrafts(drafts: DraftStore): (Draft & { of: Visibility })[] {
  const arrived = location.hash.startsWith("#comment-");
  return VISIBILITIES.flatMap((of) => {
    const draft = drafts.read(of);
    if (!draft) return [];
    if (!draft.sent || !arrived) return [{ ...draft, of }];
    drafts.write(of, { text: "", at: 0 });
    return [];
  }).sort((a, b) => b.at - a.at);
}
