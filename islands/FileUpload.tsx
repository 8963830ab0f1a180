import { useEffect, useRef, useState } from "preact/hooks";
import { inPage } from "@/browser/in_page.ts";
import { Icon } from "@/components/Icon.tsx";
import { type FileView, UploadChip, type UploadItem } from "@/components/UploadChip.tsx";
import { MOST_FILES, sizeLabel } from "@/domain/attachments/types.ts";

const MIB = 1024 * 1024;
/** Uploads at one time; the others wait. */
const AT_ONCE = 3;

interface Props {
  /** MiB of one file at most. */
  mostMib: number;
  /** Files that a form which was refused has already. */
  kept?: FileView[];
  error?: string | undefined;
  /** The form's field, where files are an answer of their own: takes what is dropped on it alone. */
  name?: string | undefined;
  label?: string | undefined;
}

let keys = 0;

/**
 * Adds files to the form around it. Without scripts it is a file field, sent with the form. With them files can be
 * dropped on the form and pasted into it, and are uploaded at once, each with its progress; the form sends their ids.
 */
export function FileUpload({ mostMib, kept = [], error, name, label = "Attach files" }: Props) {
  const [items, setItems] = useState<UploadItem[]>(() =>
    kept.filter(({ id }) => !isLeftOut(id)).map((file) => ({
      key: file.id,
      name: file.name,
      size: file.size,
      state: "done",
      sent: file.size,
      file,
    }))
  );
  const [ready, setReady] = useState(false);
  const [notice, setNotice] = useState(error ?? "");
  const input = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const waiting = useRef<{ key: string; file: File }[]>([]);
  const running = useRef(new Map<string, XMLHttpRequest>());
  const now = useRef(items);
  now.current = items;

  const change = (key: string, part: Partial<UploadItem>) =>
    setItems((all) => all.map((item) => item.key === key ? { ...item, ...part } : item));

  const next = () => {
    while (running.current.size < AT_ONCE && waiting.current.length > 0) {
      const { key, file } = waiting.current.shift()!;
      running.current.set(
        key,
        send(file, {
          progress: (sent) => change(key, { state: "sending", sent }),
          end: (result) => {
            running.current.delete(key);
            change(
              key,
              "error" in result ? { state: "failed", error: result.error } : { state: "done", file: result },
            );
            next();
          },
        }),
      );
    }
  };

  const add = (files: Iterable<File>) => {
    setNotice("");
    const room = MOST_FILES - now.current.filter(({ state }) => state !== "failed").length;
    const chosen = [...files];
    if (chosen.length > room) setNotice(`At most ${MOST_FILES} files can be sent at once`);
    const fresh = chosen.slice(0, Math.max(room, 0)).map((file) => ({ key: `upload-${++keys}`, file }));
    setItems((all) => [
      ...all,
      ...fresh.map(({ key, file }): UploadItem => {
        const item = { key, name: file.name, size: file.size, sent: 0 };
        return file.size > mostMib * MIB
          ? { ...item, state: "failed", error: `Too large: at most ${mostMib} MiB` }
          : { ...item, state: "waiting" };
      }),
    ]);
    waiting.current.push(...fresh.filter(({ file }) => file.size <= mostMib * MIB));
    next();
  };

  const remove = (item: UploadItem) => {
    waiting.current = waiting.current.filter(({ key }) => key !== item.key);
    running.current.get(item.key)?.abort();
    running.current.delete(item.key);
    setItems((all) => all.filter(({ key }) => key !== item.key));
    // What can't be deleted now is gone in a day.
    if (item.file) fetch(`/v1/attachments/${item.file.id}`, { method: "DELETE" }).catch(() => {});
    next();
  };

  useEffect(() => {
    setReady(true);
    const { form, files } = input.current!;
    // Chosen before the script arrived.
    if (files && files.length > 0) add(files);
    input.current!.value = "";
    return takeFrom(form!, name === undefined ? form! : root.current!, {
      add,
      isBusy: () => now.current.some(isUnderWay),
    });
  }, []);

  const busy = items.some(isUnderWay);
  const failed = items.some(({ state }) => state === "failed");
  useEffect(() => {
    if (!busy) sendHeld(input.current!.form!, failed);
  }, [busy]);

  return (
    <div data-island class="uploads" ref={root}>
      {items.length > 0 && (
        <ul class="upload-list" aria-label="Files to send">
          {items.map((item) => (
            <UploadChip
              key={item.key}
              item={item}
              name={name ?? "attachmentIds"}
              ready={ready}
              remove={() => remove(item)}
            />
          ))}
        </ul>
      )}
      <label class={ready ? "upload-pick" : "upload-pick upload-plain"}>
        <Icon name="paperclip" size="sm" />
        <span>{label}</span>
        <input
          ref={input}
          class={ready ? "visually-hidden" : undefined}
          type="file"
          name={name ?? "file"}
          multiple
          onChange={(event) => {
            const { files, form } = event.currentTarget;
            if (files && form) add(files);
            event.currentTarget.value = "";
          }}
        />
        <span class="hint">
          {ready ? `or drop or paste them, ` : ""}up to {sizeLabel(mostMib * MIB)} each
        </span>
      </label>
      {notice && (
        <p class="field-error">
          <Icon name="alert" size="sm" />
          <span>{notice}</span>
        </p>
      )}
      <p class="visually-hidden" role="status">{said(items)}</p>
    </div>
  );
}

/** Whether the box that keeps a file was unticked before the script arrived. */
function isLeftOut(id: string): boolean {
  return inPage<HTMLInputElement>(`.upload input[value="${id}"]`).some(({ type, checked }) =>
    type === "checkbox" && !checked
  );
}

function isUnderWay({ state }: UploadItem): boolean {
  return state === "waiting" || state === "sending";
}

function said(items: UploadItem[]): string {
  const done = items.filter(({ state }) => state === "done").length;
  const failed = items.filter(({ state }) => state === "failed").length;
  const left = items.length - done - failed;
  if (items.length === 0) return "";
  return `${done} of ${items.length} files uploaded${left ? `, ${left} on the way` : ""}${
    failed ? `, ${failed} failed` : ""
  }`;
}

/** Has the form take files that are dropped or pasted, and wait for those that are on their way. */
function takeFrom(
  form: HTMLFormElement,
  zone: HTMLElement,
  { add, isBusy }: { add: (files: Iterable<File>) => void; isBusy: () => boolean },
): () => void {
  const events = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    name: K,
    fn: (event: HTMLElementEventMap[K]) => void,
    capture = false,
  ) => (name === "submit" ? form : zone).addEventListener(name, fn, { signal: events.signal, capture });
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  on("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    zone.classList.add("is-dropping");
  });
  on("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget as Node | null)) zone.classList.remove("is-dropping");
  });
  on("drop", (event) => {
    zone.classList.remove("is-dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    add(event.dataTransfer!.files);
  });
  on("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files || files.length === 0) return;
    event.preventDefault();
    add(files);
  });
  on("submit", (event) => {
    if (!isBusy()) return;
    // Before anyone hears of it who takes a form that is submitted for one that is sent.
    event.preventDefault();
    event.stopImmediatePropagation();
    held.set(form, event.submitter);
    event.submitter?.classList.add("is-pending");
  }, true);
  return () => events.abort();
}

/** Forms that wait for their files, with the button that sent them. */
const held = new Map<HTMLFormElement, HTMLElement | null>();

function sendHeld(form: HTMLFormElement, failed: boolean): void {
  const button = held.get(form);
  if (button === undefined) return;
  held.delete(form);
  button?.classList.remove("is-pending");
  // Somebody who sees that a file failed decides what to send.
  if (!failed) form.requestSubmit(button);
}

interface Ears {
  progress(sent: number): void;
  end(result: FileView | { error: string }): void;
}

function send(file: File, { progress, end }: Ears): XMLHttpRequest {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file);
  request.upload.onprogress = (event) => progress(Math.min(event.loaded, file.size));
  request.onload = () => {
    const answer = JSON.parse(request.responseText || "{}");
    end(request.status === 201 ? answer.items[0] : { error: answer.detail ?? "The upload was refused" });
  };
  request.onerror = () => end({ error: "The connection broke off" });
  request.open("POST", "/v1/attachments");
  request.send(body);
  return request;
}
