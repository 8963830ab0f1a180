/** Forms that wait for their uploads, with the button that was pressed. */
const waiting = new Map<HTMLFormElement, HTMLElement | null>();

/** Takes files that are dropped on the zone or pasted into it, and holds the form back while `isBusy`. */
export function acceptFiles(
  { form, zone }: { form: HTMLFormElement; zone: HTMLElement },
  { add, isBusy }: { add: (files: Iterable<File>) => void; isBusy: () => boolean },
): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  zone.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    zone.classList.add("is-dropping");
  }, { signal });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget as Node | null)) zone.classList.remove("is-dropping");
  }, { signal });
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("is-dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    add(event.dataTransfer!.files);
  }, { signal });
  zone.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files || files.length === 0) return;
    event.preventDefault();
    add(files);
  }, { signal });
  form.addEventListener("submit", (event) => {
    if (!isBusy()) return;
    // Captured: other listeners take a submitted form for one that is sent.
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.set(form, event.submitter);
    event.submitter?.classList.add("is-pending");
  }, { signal, capture: true });
  return () => stopped.abort();
}

/** Sends a form that waited. Where an upload failed, the person decides what to send. */
export function sendWaiting(form: HTMLFormElement, { failed }: { failed: boolean }): void {
  const button = waiting.get(form);
  if (button === undefined) return;
  waiting.delete(form);
  button?.classList.remove("is-pending");
  if (!failed) form.requestSubmit(button);
}
