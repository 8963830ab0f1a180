import { useEffect, useRef, useState } from "preact/hooks";
import { quoteText } from "@/domain/comments/quote.ts";

interface Shown {
  html: string;
  unreached: { name: string }[];
}

/**
 * Shows how the reply would look and whom it calls in vain, without leaving the page, until one types on; and puts
 * quotes in where their link is pressed.
 */
export function ReplyPreview({ ticketId, shown }: { ticketId: string; shown: Shown | null }) {
  const [preview, setPreview] = useState<Shown | null>(shown);
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const form = here.current?.closest("form");
    const box = form?.querySelector("textarea");
    if (!form || !box) return;
    const onClick = (event: MouseEvent) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[name=preview]");
      if (!button || box.value.trim() === "") return;
      event.preventDefault();
      post(`/v1/tickets/${ticketId}/comments/preview`, { body: box.value, visibility: visibilityOf(form) })
        .then(setPreview, () => form.requestSubmit(button));
    };
    const onInput = () => setPreview(null);
    const onLink = (event: MouseEvent) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>('a[href*="?quote="]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      const id = new URL(link.href).searchParams.get("quote")!;
      readQuoted(ticketId, id).then((said) => quote(form, said), () => location.assign(link.href));
    };
    form.addEventListener("click", onClick);
    box.addEventListener("input", onInput);
    document.addEventListener("click", onLink);
    return () => {
      form.removeEventListener("click", onClick);
      box.removeEventListener("input", onInput);
      document.removeEventListener("click", onLink);
    };
  }, [ticketId]);
  return (
    <div data-island ref={here} role="status">
      {preview && (
        <div class="composer-preview">
          <p class="label">Preview</p>
          {/* deno-lint-ignore react-no-danger */}
          <div class="prose" dangerouslySetInnerHTML={{ __html: preview.html }} />
          {preview.unreached.length > 0 && (
            <p class="hint">
              Will not be notified, because they can't read this:{" "}
              {preview.unreached.map(({ name }) => name).join(", ")}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function visibilityOf(form: HTMLFormElement): string {
  return String(new FormData(form).get("visibility") ?? "public");
}

async function post(path: string, body: unknown): Promise<Shown> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`Cannot preview: ${response.status}`);
  return await response.json();
}

interface Said {
  body: string;
  visibility: string;
}

async function readQuoted(ticketId: string, id: string): Promise<Said> {
  const ticket = `/v1/tickets/${ticketId}`;
  const response = await fetch(id === "description" ? ticket : `${ticket}/comments/${id}`);
  if (!response.ok) throw new Error(`Cannot quote: ${response.status}`);
  const said = await response.json();
  return { body: said.body ?? said.description, visibility: said.visibility ?? "public" };
}

/** Puts a quote behind what was typed; that of a note makes a note of it, so that it can't be sent in public unseen. */
function quote(form: HTMLFormElement, { body, visibility }: Said): void {
  const box = form.querySelector("textarea")!;
  const note = form.querySelector<HTMLInputElement>("input[name=visibility][value=internal]");
  if (visibility === "internal" && note && !note.checked) {
    note.checked = true;
    note.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const typed = box.value.trimEnd();
  box.value = `${typed === "" ? "" : `${typed}\n\n`}${quoteText(body)}`;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}
