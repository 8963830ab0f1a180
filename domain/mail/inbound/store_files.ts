import { discardFiles, receiveFile, type StoredFile } from "@/domain/attachments/receive.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Services } from "@/ports.ts";
import type { MailFile } from "./parse_mail.ts";

/** `refused` has the names of files that weren't stored. */
export interface StoredFiles {
  files: StoredFile[];
  refused: string[];
}

/** Under the rules for uploads. @throws DomainError insufficient_storage or unavailable, with nothing stored */
export async function storeFiles(
  services: Pick<Services, "blobs" | "config">,
  tenantId: string,
  all: MailFile[],
): Promise<StoredFiles> {
  const kept: StoredFiles = { files: [], refused: [] };
  for (const { name, mediaType, content } of all) {
    try {
      const source = [content].values();
      const pieces: AsyncIterator<Uint8Array> = { next: () => Promise.resolve(source.next()) };
      kept.files.push(await receiveFile(services, pieces, { tenantId, name, mediaType }));
    } catch (error) {
      const refused = error instanceof DomainError && error.status < 500;
      if (!refused) {
        await discardFiles(services, kept.files);
        throw error;
      }
      kept.refused.push(name);
    }
  }
  return kept;
}
