import { useEffect, useRef, useState } from "preact/hooks";
import { visibilityOf } from "@/browser/composer.ts";
import { appendQuote, readQuotable } from "@/browser/quotes.ts";

interface Preview {
  html: string;
  unreached: { name: string }[];
}

/** Previews the reply without leaving the page, until the person types on; and inserts quotes. */
export function ReplyPreview({ ticketId, shown }: { ticketId: string; shown: Preview | null }) {
  const [preview, setPreview] = useState<Preview | null>(shown);
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
      readQuotable(ticketId, id).then(
        (quotable) => appendQuote(form, quotable),
        () => location.assign(link.href),
      );
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
              Not notified, because they can't read this:{" "}
              {preview.unreached.map(({ name }) => name).join(", ")}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

async function post(path: string, body: unknown): Promise<Preview> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`Cannot preview: ${response.status}`);
  return await response.json();
}
