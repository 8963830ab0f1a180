import { useEffect, useRef, useState } from "preact/hooks";
import { inPage } from "@/browser/in_page.ts";
import { acceptFiles, sendWaiting } from "@/browser/upload_form.ts";
import { isUnderWay, useUploads } from "@/browser/use_uploads.ts";
import { FieldError } from "@/components/FieldNotes.tsx";
import type { FileView } from "@/components/FileList.tsx";
import { Icon } from "@/components/Icon.tsx";
import { UploadChip, type UploadItem } from "@/components/UploadChip.tsx";
import { sizeLabel } from "@/domain/attachments/types.ts";

/**
 * Adds files to the form around it. Without scripts it is a file field. With them files can be dropped and pasted, and
 * are uploaded at once, each with its progress; the form sends their ids.
 */
export function FileUpload({ mostMib, kept = [], error = "", name, label = "Attach files" }: {
  /** MiB of one file at most. */
  mostMib: number;
  /** Files that a refused form has uploaded already. */
  kept?: FileView[];
  error?: string | undefined;
  /** The field of a form with several of these: takes only what is dropped on itself. */
  name?: string | undefined;
  label?: string | undefined;
}) {
  const { items, notice, add, remove, isBusy } = useUploads({
    kept: () => kept.filter(({ id }) => !isLeftOut(id)),
    error,
    mostMib,
  });
  const [ready, setReady] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    setReady(true);
    const { form, files } = input.current!;
    // Chosen before the script arrived.
    if (files && files.length > 0) add(files);
    input.current!.value = "";
    return acceptFiles({ form: form!, zone: name === undefined ? form! : root.current! }, { add, isBusy });
  }, []);
  const busy = items.some(isUnderWay);
  useEffect(() => {
    if (!busy) sendWaiting(input.current!.form!, { failed: items.some(({ state }) => state === "failed") });
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
          {ready ? `or drop or paste them, ` : ""}up to {sizeLabel(mostMib * 1024 * 1024)} each
        </span>
      </label>
      {notice && <FieldError>{notice}</FieldError>}
      <p class="visually-hidden" role="status">{progressText(items)}</p>
    </div>
  );
}

/** Whether the box that keeps a file was unticked before the script arrived. */
function isLeftOut(id: string): boolean {
  return inPage<HTMLInputElement>(`.upload input[value="${id}"]`).some(({ type, checked }) =>
    type === "checkbox" && !checked
  );
}

function progressText(items: UploadItem[]): string {
  if (items.length === 0) return "";
  const done = items.filter(({ state }) => state === "done").length;
  const failed = items.filter(({ state }) => state === "failed").length;
  const left = items.length - done - failed;
  const others = `${left ? `, ${left} in progress` : ""}${failed ? `, ${failed} failed` : ""}`;
  return `${done} of ${items.length} files uploaded${others}`;
}
