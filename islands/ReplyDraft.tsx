import { useEffect, useState } from "preact/hooks";
import { visibilityOf } from "@/browser/composer.ts";
import { openDrafts, parseDraft, restoreDraft } from "@/browser/reply_drafts.ts";

const SAVE_AFTER_MS = 300;

/**
 * Keeps an unsent reply in this browser, replies and notes apart, and sends with Ctrl-Enter or Cmd-Enter. Windows of one
 * ticket follow each other unless something was typed in them.
 *
 * @param props `name` is the draft's own: person and ticket
 */
export function ReplyDraft({ name }: { name: string }) {
  const [restored, setRestored] = useState(false);
  useEffect(() => {
    const box = document.querySelector<HTMLTextAreaElement>(".composer textarea");
    if (!box?.form) return;
    const { form } = box;
    const drafts = openDrafts(name);
    const isRestored = restoreDraft(box, { drafts, visibility: visibilityOf(form) });
    setRestored(isRestored);
    let visibility = visibilityOf(form);
    /** What this window knows to be saved: not what was typed before the script arrived. */
    let saved = isRestored ? box.value : box.defaultValue;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => {
      clearTimeout(timer);
      if (box.value === saved) return;
      saved = box.value;
      drafts.write(visibility, { text: box.value, at: Date.now() });
    };
    const onInput = () => {
      clearTimeout(timer);
      timer = setTimeout(save, SAVE_AFTER_MS);
    };
    const onSubmit = (event: SubmitEvent) => {
      clearTimeout(timer);
      if (event.defaultPrevented) return;
      // The form's other buttons show the page again, with the text in it.
      const sent = !event.submitter?.hasAttribute("formaction");
      drafts.write(visibility, { text: box.value, at: Date.now(), ...(sent ? { sent } : {}) });
    };
    const onChange = () => {
      const next = visibilityOf(form);
      if (next === visibility) return;
      const [previous, other] = [visibility, drafts.read(next)];
      visibility = next;
      if (other) {
        // There are two drafts: each keeps its own text.
        drafts.write(previous, { text: box.value, at: Date.now() });
        box.value = other.text;
      } else {
        drafts.write(previous, { text: "", at: 0 });
        drafts.write(next, { text: box.value, at: Date.now() });
      }
      saved = box.value;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    };
    const onStorage = (event: StorageEvent) => {
      if (event.key !== drafts.keyOf(visibility) || box.value !== saved) return;
      const draft = parseDraft(event.newValue);
      if (draft?.sent) return;
      box.value = saved = draft?.text ?? "";
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
