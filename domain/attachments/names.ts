/** Characters of a file's name at most. */
const LONGEST = 200;

/** Controls, and marks that turn or hide text (`gpj.exe` shown as `exe.jpg`): U+200B…F, U+202A…E, U+2060…F, U+FEFF. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;
/** What a path is made of somewhere, or what no file of Windows may be called. */
const UNSAFE = /[<>:"|?*]/g;

/**
 * The name a file is kept and offered under: no folders, nothing invisible, at most 200 characters with its extension
 * kept. What is left of nothing is `file`.
 */
export function cleanName(given: string): string {
  const last = given.toWellFormed().normalize("NFC").split(/[/\\]/).at(-1)!;
  const name = last.replaceAll(UNSEEN, "").replaceAll(UNSAFE, "_").replaceAll(/\s+/g, " ")
    .replace(/^[. ]+/, "").replace(/[. ]+$/, "");
  if (name === "") return "file";
  if (name.length <= LONGEST) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : "";
  return name.slice(0, LONGEST - extension.length).toWellFormed().replaceAll("\ufffd", "") + extension;
}

/** The extension in lower case without its dot; "" where there is none. */
export function extensionOf(name: string): string {
  return /[^.]\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}
