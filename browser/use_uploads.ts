import { useRef, useState } from "preact/hooks";
import type { FileView } from "@/components/FileList.tsx";
import type { UploadItem } from "@/components/UploadChip.tsx";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import { deleteUpload, uploadFile } from "./upload_file.ts";

const MIB = 1024 * 1024;
const AT_ONCE = 3;

let lastKey = 0;

export interface Uploads {
  items: UploadItem[];
  /** What was wrong with the files that were added last. */
  notice: string;
  add: (files: Iterable<File>) => void;
  remove: (item: UploadItem) => void;
  isBusy: () => boolean;
}

/** Uploads files as they are added, a few at once. `kept` were uploaded before. */
export function useUploads(
  { kept, error, mostMib }: { kept: () => FileView[]; error: string; mostMib: number },
): Uploads {
  const [items, setItems] = useState<UploadItem[]>(() => kept().map(keptItem));
  const [notice, setNotice] = useState(error);
  const waiting = useRef<{ key: string; file: File }[]>([]);
  const running = useRef(new Map<string, XMLHttpRequest>());
  const current = useRef(items);
  current.current = items;

  const update = (key: string, change: Partial<UploadItem>) =>
    setItems((all) => all.map((item) => item.key === key ? { ...item, ...change } : item));
  const start = ({ key, file }: { key: string; file: File }) => {
    const request = uploadFile(file, {
      progress: (sent) => update(key, { state: "sending", sent }),
      end: (result) => {
        running.current.delete(key);
        update(
          key,
          "error" in result ? { state: "failed", error: result.error } : { state: "done", file: result },
        );
        startNext();
      },
    });
    running.current.set(key, request);
  };
  const startNext = () => {
    while (running.current.size < AT_ONCE && waiting.current.length > 0) start(waiting.current.shift()!);
  };

  const add = (files: Iterable<File>) => {
    const room = MOST_FILES - current.current.filter(({ state }) => state !== "failed").length;
    const chosen = [...files];
    setNotice(chosen.length > room ? `You can send at most ${MOST_FILES} files at once` : "");
    const added = chosen.slice(0, Math.max(room, 0)).map((file) => ({ key: `upload-${++lastKey}`, file }));
    setItems((all) => [...all, ...added.map(({ key, file }) => newItem(key, { file, mostMib }))]);
    waiting.current.push(...added.filter(({ file }) => file.size <= mostMib * MIB));
    startNext();
  };
  const remove = (item: UploadItem) => {
    waiting.current = waiting.current.filter(({ key }) => key !== item.key);
    running.current.get(item.key)?.abort();
    running.current.delete(item.key);
    setItems((all) => all.filter(({ key }) => key !== item.key));
    if (item.file) deleteUpload(item.file.id);
    startNext();
  };
  return { items, notice, add, remove, isBusy: () => current.current.some(isUnderWay) };
}

export function isUnderWay({ state }: UploadItem): boolean {
  return state === "waiting" || state === "sending";
}

function keptItem(file: FileView): UploadItem {
  return { key: file.id, name: file.name, size: file.size, state: "done", sent: file.size, file };
}

function newItem(key: string, { file, mostMib }: { file: File; mostMib: number }): UploadItem {
  const item = { key, name: file.name, size: file.size, sent: 0 };
  return file.size > mostMib * MIB
    ? { ...item, state: "failed", error: `Too large: at most ${mostMib} MiB` }
    : { ...item, state: "waiting" };
}
