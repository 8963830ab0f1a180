import { useEffect, useState } from "preact/hooks";

/** What is kept of an unsent reply. `at` is when it was typed, `sent` until the page after it says that it arrived. */
interface Draft {
  text: string;
  at: number;
  sent?: true;
}

const SAVE_AFTER_MS = 300;
const VISIBILITIES = ["public", "internal"] as const;
type Visibility = (typeof VISIBILITIES)[number];

/**
 * Keeps what is typed into the reply box in this browser until it was sent, replies and notes apart, and sends on Ctrl
 * or Cmd and Enter. Windows of one ticket follow each other where nothing was typed in them.
 *
 * @param props `name` is the draft's own: person and ticket
 */
export function ReplyDraft({ name }: { name: string }) {
  const [restored, setRestored] = useState(false);
  useEffect(() => {
    const box = document.querySelector<HTMLTextAreaElement>(".composer textarea");
    if (!box?.form) return;
    const { form } = box;
    const keyOf = (visibility: Visibility) => `draft:${name}:${visibility}`;
    let visibility = visibilityOf(form);
    const isRestored = restore(box, { keyOf, visibility });
    setRestored(isRestored);
    visibility = visibilityOf(form);
    /** What this window knows to be kept: not what was typed before the script arrived. */
    let known = isRestored ? box.value : box.defaultValue;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => {
      clearTimeout(timer);
      if (box.value === known) return;
      known = box.value;
      write(keyOf(visibility), { text: box.value, at: Date.now() });
    };
    const onInput = () => {
      clearTimeout(timer);
      timer = setTimeout(save, SAVE_AFTER_MS);
    };
    const onSubmit = (event: SubmitEvent) => {
      clearTimeout(timer);
      if (event.defaultPrevented) return;
      // Its other buttons show the page again, with the text in it.
      const sent = !event.submitter?.hasAttribute("formaction");
      write(keyOf(visibility), { text: box.value, at: Date.now(), ...(sent ? { sent } : {}) });
    };
    const onChange = () => {
      const next = visibilityOf(form);
      if (next === visibility) return;
      const [was, other] = [visibility, read(keyOf(next))];
      visibility = next;
      if (other) {
        // Both were begun: each keeps its own.
        write(keyOf(was), { text: box.value, at: Date.now() });
        box.value = other.text;
      } else {
        write(keyOf(was), { text: "", at: 0 });
        write(keyOf(next), { text: box.value, at: Date.now() });
      }
      known = box.value;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    };
    const onStorage = (event: StorageEvent) => {
      if (event.key !== keyOf(visibility) || box.value !== known) return;
      const draft = parse(event.newValue);
      if (draft?.sent) return;
      box.value = known = draft?.text ?? "";
    };
    box.addEventListener("input", onInput);
    box.addEventListener("keydown", onKey);
    form.addEventListener("submit", onSubmit as EventListener);
    form.addEventListener("change", onChange);
    addEventListener("storage", onStorage);
    addEventListener("pagehide", save);
    onInput();
    return () => {
      box.removeEventListener("input", onInput);
      box.removeEventListener("keydown", onKey);
      form.removeEventListener("submit", onSubmit as EventListener);
      form.removeEventListener("change", onChange);
      removeEventListener("storage", onStorage);
      removeEventListener("pagehide", save);
    };
  }, [name]);
  return restored ? <span data-island class="hint" role="status">Draft restored</span> : null;
}

/** Puts what was kept into the box, the latest of reply and note. @returns whether there was something */
function restore(
  box: HTMLTextAreaElement,
  { keyOf, visibility }: { keyOf: (visibility: Visibility) => string; visibility: Visibility },
): boolean {
  const arrived = location.hash.startsWith("#comment-");
  const kept = VISIBILITIES.flatMap((of) => {
    const draft = read(keyOf(of));
    if (draft?.sent && arrived) localStorage.removeItem(keyOf(of));
    return draft && !(draft.sent && arrived) ? [{ ...draft, of }] : [];
  }).sort((a, b) => b.at - a.at);
  if (box.value !== "") {
    // A quote came with the page; what was typed before goes first.
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

function visibilityOf(form: HTMLFormElement): Visibility {
  return new FormData(form).get("visibility") === "internal" ? "internal" : "public";
}

function read(key: string): Draft | null {
  try {
    return parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function parse(kept: string | null): Draft | null {
  try {
    const draft = JSON.parse(kept ?? "null");
    return typeof draft?.text === "string" && draft.text !== ""
      ? { ...draft, at: Number(draft.at) || 0 }
      : null;
  } catch {
    return null;
  }
}

function write(key: string, draft: Draft): void {
  try {
    if (draft.text === "") localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing for this site still sends the reply.
  }
}
