import { useEffect, useRef } from "preact/hooks";

const KEYS: { keys: string; what: string }[] = [
  { keys: "/", what: "Search" },
  { keys: "Ctrl K", what: "Go to a page, a ticket, a person" },
  { keys: "n", what: "New ticket" },
  { keys: "h", what: "Home" },
  { keys: "t", what: "Tickets" },
  { keys: "r", what: "Reply to a ticket" },
  { keys: "Ctrl Enter", what: "Send the reply" },
  { keys: "?", what: "Show this list" },
];

/** Keyboard shortcuts of every page, with a list of them, and buttons that show that a form is being sent. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => press(event, dialog.current);
    addEventListener("keydown", onKey);
    addEventListener("submit", markPending);
    addEventListener("pageshow", unmarkPending);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("submit", markPending);
      removeEventListener("pageshow", unmarkPending);
    };
  }, []);
  return (
    <dialog data-island ref={dialog} aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">Keyboard shortcuts</h2>
      <dl class="properties">
        {KEYS.map(({ keys, what }) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="form-actions">
        <button class="button button-secondary" type="submit">Close</button>
      </form>
    </dialog>
  );
}

function press(event: KeyboardEvent, dialog: HTMLDialogElement | null): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  const actions: Record<string, () => void> = {
    "/": () => document.querySelector<HTMLElement>(".topbar .search input, main .search-form input")?.focus(),
    "n": () => location.assign("/tickets/new"),
    "h": () => location.assign("/home"),
    "t": () => location.assign("/tickets"),
    "r": () => document.querySelector<HTMLElement>(".composer textarea")?.focus(),
    "?": () => dialog?.showModal(),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

// The server does a form once, however often it is sent; this spares the second wait.
function markPending(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  // An island refused the form.
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.classList.add("is-pending");
  event.submitter?.setAttribute("aria-busy", "true");
}

function unmarkPending(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".is-pending")) {
    button.classList.remove("is-pending");
    button.removeAttribute("aria-busy");
  }
}
