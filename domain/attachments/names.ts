import { boundMarks } from "@/domain/shared/marks.ts";

const LONGEST = 200;
/** Of a longer name only both ends are looked at. */
const END = 500;

/** Controls, and marks that turn or hide text (`gpj.exe` shown as `exe.jpg`). */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;
/** Parts of paths, or forbidden on Windows. */
const UNSAFE = /[<>:"|?*]/g;

/** A safe name: no folders, nothing invisible, at most 200 characters with its extension; `file` for an empty one. */
export function cleanName(given: string): string {
  const last = given.slice(Math.max(given.lastIndexOf("/"), given.lastIndexOf("\\")) + 1);
  const ends = last.length <= 2 * END ? last : last.slice(0, END) + last.slice(-END);
  const text = boundMarks(ends.toWellFormed()).normalize("NFC");
  const name = text.replaceAll(UNSEEN, "").replaceAll(UNSAFE, "_").replaceAll(/\s+/g, " ")
    .replace(/^[. ]+/, "").replace(/[. ]+$/, "");
  if (name === "") return "file";
  if (name.length <= LONGEST) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : "";
  return name.slice(0, LONGEST - extension.length).toWellFormed().replaceAll("\ufffd", "") + extension;
}

/** In lower case without its dot; "" for none. */
export function extensionOf(name: string): string {
  return /[^.]\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}
