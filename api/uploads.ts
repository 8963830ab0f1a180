import { discardFiles, type StoredFile } from "@/domain/attachments/receive.ts";
import { assertRole } from "@/domain/permissions.ts";
import { actAsUser, type Claim } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { type KeptAnswer, once } from "@/domain/idempotency.ts";
import { parse } from "@/domain/validation.ts";
import type { Incoming } from "@/edge/incoming.ts";
import { readUpload } from "@/edge/upload.ts";
import { readInput } from "./input.ts";
import { parseKnown, withoutServerFields } from "./known_input.ts";
import type { Operation, Reply } from "./operation.ts";
import type { FindReader } from "./readers.ts";
import { readAgain } from "./repeats.ts";

/**
 * Answers an upload: a transaction authorises it, the files stream to the store while no connection is held, and a second
 * transaction records them. A refused upload leaves no file; what a crash leaves is swept later.
 *
 * @param keep makes the answer that is stored for retries
 */
export async function runUpload(
  operation: Operation,
  request: Request,
  params: Record<string, string>,
  { incoming, claim, find, keep }: {
    incoming: Incoming;
    claim: Claim;
    find: FindReader;
    keep: (reply: Reply) => KeptAnswer;
  },
): Promise<KeptAnswer> {
  const { upload, roles } = operation;
  const raw = await readInput(operation, request, params);
  const input = { params: operation.params && parse(operation.params, raw.params) };
  parseKnown(undefined, raw.query);
  const userId = await actAsUser(incoming, claim, async (cx) => {
    assertRole(cx, roles);
    await upload!.admit(cx, input);
    return cx.actor.id;
  });
  const { services } = incoming;
  const { fields, files, refusal } = await readUpload(request, services, {
    tenantId: claim.tenantId,
    userId,
    takes: FILE_FIELDS,
  });
  let used = false;
  try {
    if (refusal) throw refusal;
    if (files.length === 0) throw invalidField("file", "required", "Send at least one file");
    const answer = await actAsUser(incoming, claim, async (cx) => {
      assertRole(cx, roles);
      const body = parseKnown(upload!.fields, withoutServerFields(operation, fields));
      const work = async () => {
        used = true;
        const rest = { ...input, query: undefined, base: { version: 0, by: "body" as const } };
        return keep(await operation.run(cx, { ...rest, body, files }));
      };
      const key = request.headers.get("idempotency-key");
      if (key === null) return await work();
      const route = `${operation.method} ${new URL(request.url).pathname}`;
      return await once(cx, { key, route, body: fingerprint(fields, files) }, {
        work,
        again: (kept) => readAgain(cx, operation, find, kept),
      });
    });
    if (!used) await discardFiles(services, files);
    return answer;
  } catch (error) {
    // It may have been committed. If it wasn't, the sweep removes the files.
    if (!(error instanceof DomainError && error.code === "unavailable")) await discardFiles(services, files);
    throw error;
  }
}

const FILE_FIELDS = ["file"];

/** Identifies an upload by its content, because the boundary makes every body different. */
export function fingerprint(fields: unknown, files: StoredFile[]): Uint8Array {
  const told = files.map(({ name, sha256 }) => [name, sha256]);
  return new TextEncoder().encode(JSON.stringify([fields, told]));
}
