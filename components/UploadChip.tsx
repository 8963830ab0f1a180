import { isPreviewable, sizeLabel } from "@/domain/attachments/types.ts";
import { fileHref, type FileView } from "./FileList.tsx";
import { Icon } from "./Icon.tsx";

/** A file that is being added to a form. */
export interface UploadItem {
  key: string;
  name: string;
  size: number;
  state: "waiting" | "sending" | "done" | "failed";
  /** In bytes. */
  sent: number;
  error?: string;
  file?: FileView;
}

/** One file of a form: its picture, name, size and progress. Without scripts (`ready` false) a checkbox removes it. */
export function UploadChip({ item, name: field, ready, remove }: {
  item: UploadItem;
  /** The form's field for the ids of files. */
  name: string;
  ready: boolean;
  remove: () => void;
}) {
  const { name, size, state, sent, file, error } = item;
  const text = (
    <span class="file-text">
      <span class="file-name">{name}</span>
      {error
        ? <span class="upload-error">{error}</span>
        : state === "done"
        ? <span class="file-size">{sizeLabel(size)}</span>
        : <progress value={sent} max={Math.max(size, 1)} aria-label={`Upload of ${name}`} />}
    </span>
  );
  return (
    <li class={`upload upload-${state}`}>
      {file && isPreviewable(file)
        ? <img src={`${fileHref(file.id)}?preview`} alt="" width={file.width!} height={file.height!} />
        : <Icon name={state === "failed" ? "alert" : "file"} />}
      {text}
      {file && !ready && (
        <label class="check">
          <input type="checkbox" name={field} value={file.id} checked />
          <span>Keep</span>
        </label>
      )}
      {file && ready && <input type="hidden" name={field} value={file.id} />}
      {ready && (
        <button
          class="button button-quiet button-sm button-icon"
          type="button"
          aria-label={state === "done" || state === "failed" ? `Remove ${name}` : `Cancel ${name}`}
          onClick={remove}
        >
          <Icon name="close" size="sm" />
        </button>
      )}
    </li>
  );
}
