import type { FileView } from "@/components/FileList.tsx";

interface Handlers {
  progress(sentBytes: number): void;
  end(result: FileView | { error: string }): void;
}

/** Uploads one file. The request can be aborted; `end` isn't called then. */
export function uploadFile(file: File, { progress, end }: Handlers): XMLHttpRequest {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file);
  request.upload.onprogress = (event) => progress(Math.min(event.loaded, file.size));
  request.onload = () => {
    const answer = JSON.parse(request.responseText || "{}");
    end(request.status === 201 ? answer.items[0] : { error: answer.detail ?? "The upload was refused" });
  };
  request.onerror = () => end({ error: "Connection lost" });
  request.open("POST", "/v1/attachments");
  request.send(body);
  return request;
}

/** Deletes an upload. One that can't be deleted expires within an hour. */
export function deleteUpload(id: string): void {
  fetch(`/v1/attachments/${id}`, { method: "DELETE" }).catch(() => {});
}
