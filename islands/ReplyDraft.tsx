import { useEffect, useState } from "preact/hooks";

/** What is kept of an unsent reply. `sent` until the page after it says that it arrived. */
interface Draft {
  text: string;
  sent?: true;
}

const SAVE_AFTER_MS = 300;

/**
 * Keeps what is typed into the reply box in this browser until it was sent, and sends on Ctrl or Cmd and Enter.
 *
 * @param props `name` is the draft's own: ticket and person
 */
export function ReplyDraft({ name }: { name: string }) {
  const [restored, setRestored] = useState(false);
  useEffect(() => {
    const box = document.querySelector<HTMLTextAreaElement>(".composer textarea");
    if (!box?.form) return;
    const { form } = box;
    const key = `draft:${name}`;
    const kept = read(key);
    if (kept?.sent && location.hash.startsWith("#comment-")) localStorage.removeItem(key);
    else if (kept && box.value === "") {
      box.value = kept.text;
      setRestored(true);
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => {
      clearTimeout(timer);
      timer = setTimeout(() => write(key, { text: box.value }), SAVE_AFTER_MS);
    };
    const onSubmit = () => {
      clearTimeout(timer);
      write(key, { text: box.value, sent: true });
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    };
    box.addEventListener("input", save);
    box.addEventListener("keydown", onKey);
    form.addEventListener("submit", onSubmit);
    return () => {
      box.removeEventListener("input", save);
      box.removeEventListener("keydown", onKey);
      form.removeEventListener("submit", onSubmit);
    };
  }, [name]);
  return restored ? <span class="hint" role="status">Draft restored</span> : null;
}

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof draft?.text === "string" && draft.text !== "" ? draft : null;
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
