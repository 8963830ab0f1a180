/** A reason, in one line, why the embedded database can't be used; meant to be shown to the operator as it is. */
export class EmbeddedError extends Error {
  override readonly name = "EmbeddedError";
}

export const USE_EXTERNAL = "set DATABASE_URL to use another PostgreSQL server";

/** `action` starts the sentence: `Cannot create "/data"`. Deno's own refusals stay: they are about the command line. */
export function explain(action: string, error: unknown): Error {
  if (error instanceof EmbeddedError || error instanceof Deno.errors.NotCapable) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new EmbeddedError(`${action}: ${reason(text, error) ?? firstLine(text)}`, { cause: error });
}

export function reason(text: string, error?: unknown): string | undefined {
  // A write that was cut short is how PostgreSQL first notices a full disk.
  if (/No space left on device|os error 28\b|ENOSPC|wrote only \d+ of \d+ bytes/.test(text)) {
    return "no space left on the device";
  }
  if (/Disk quota exceeded|EDQUOT/.test(text)) return "the disk quota is used up";
  if (/Read-only file system|EROFS/.test(text)) return "the file system is read-only";
  if (
    error instanceof Deno.errors.PermissionDenied || /Permission denied|Operation not permitted/i.test(text)
  ) {
    return "permission denied";
  }
  if (/Not a directory|ENOTDIR/.test(text)) return "a part of the path is not a folder";
  return undefined;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.trim();
}
