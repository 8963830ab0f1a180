import { isPreviewable, sizeLabel } from "@/domain/attachments/types.ts";
import { Icon } from "./Icon.tsx";

export interface FileView {
  id: string;
  name: string;
  size: number;
  mediaType: string;
  width: number | null;
  height: number | null;
  visibility: "public" | "internal";
}

export function fileHref(id: string): string {
  return `/attachments/${id}`;
}

/** Files below what they came with: images as small pictures, others by name; each is a download. */
export function FileList({ files }: { files: FileView[] }) {
  if (files.length === 0) return null;
  return (
    <ul class="files" aria-label="Files">
      {files.map((file) => (
        <li key={file.id}>
          <FileLink file={file} />
        </li>
      ))}
    </ul>
  );
}

/** A file's picture or icon, its name and size, as a link to it. */
export function FileLink({ file }: { file: FileView }) {
  const picture = isPreviewable(file);
  const href = picture ? `${fileHref(file.id)}?preview` : fileHref(file.id);
  return (
    <a
      class={picture ? "file file-picture" : "file"}
      href={href}
      title={file.name}
      {...(picture ? { target: "_blank", rel: "noopener" } : { download: file.name })}
    >
      {picture
        ? (
          <img
            src={href}
            alt=""
            width={file.width!}
            height={file.height!}
            loading="lazy"
            decoding="async"
          />
        )
        : <Icon name="file" />}
      <span class="file-text">
        <span class="file-name">{file.name}</span>
        <span class="file-size">{sizeLabel(file.size)}</span>
      </span>
    </a>
  );
}
