import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { addUnbound } from "@/domain/attachments/add.ts";
import { discardFiles } from "@/domain/attachments/receive.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, type FieldError } from "@/domain/errors.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { isMultipart, readFieldsOf, readUpload, type Upload } from "@/edge/upload.ts";
import { type FormValues, readForm } from "./forms.ts";

export interface ReadForm {
  /** The fields; ids of files are in `attachmentIds`, or in the field that a form has for them. */
  values: FormValues;
  /** What tells a form that is sent twice from another: the ids of its files differ each time. */
  same: FormValues;
  refusal?: DomainError;
}

export interface TakesFiles {
  /** Asked before a byte is read. @returns fields besides `file` that take files: their ids become the field's values */
  admit: (cx: UserCx, ctx: Context<State>) => Promise<readonly string[]>;
}

export const admitAnyone: TakesFiles = { admit: () => Promise.resolve([]) };

/** Reads a form. Its files stream to the store and wait there under their ids, so a form that is refused keeps them. */
export async function readFormWithFiles(
  ctx: Context<State>,
  takes: TakesFiles,
  enter: <T>(fn: (cx: UserCx) => Promise<T>) => Promise<T>,
): Promise<ReadForm> {
  const incoming = incomingOf(ctx.req);
  if (incoming.refusal || !isMultipart(ctx.req)) {
    const values = await readForm(ctx);
    return { values, same: values };
  }
  const { services } = incoming;
  const admitted = await enter(async (cx) => {
    const fields = await takes.admit(cx, ctx);
    return { tenantId: cx.tenant.id, userId: cx.actor.id, fields };
  }).catch((error) => ifAway(error));
  if (admitted instanceof DomainError) {
    const values = await readFieldsOf(ctx.req, services);
    return { values, same: values, refusal: aboutFiles(admitted) };
  }
  const { fields: named, ...by } = admitted;
  const upload = await readUpload(ctx.req, services, {
    ...by,
    takes: ["file", ...named],
  });
  const { fields, files, refusal } = upload;
  const same = { ...fields, files: files.map(({ name, sha256 }) => `${name} ${sha256}`) };
  if (refusal) return { values: fields, same, refusal: aboutFiles(refusal) };
  if (files.length === 0) return { values: fields, same: fields };
  try {
    const added = await enter((cx) => addUnbound(cx, files));
    return { values: withIds(upload, added.map(({ id }) => id)), same };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "unavailable") await discardFiles(services, files);
    const known = error instanceof DomainError && error.code === "too_large" ? error : ifAway(error);
    return { values: fields, same, refusal: aboutFiles(known) };
  }
}

/** While the database is away, what was typed is still read. @throws every other error */
function ifAway(error: unknown): DomainError {
  if (error instanceof DomainError && error.code === "unavailable") return error;
  throw error;
}

function withIds({ fields, files }: Upload, ids: string[]): FormValues {
  const values = { ...fields };
  files.forEach(({ field }, i) => {
    const name = field === "file" ? "attachmentIds" : field;
    const before = values[name];
    values[name] = before === undefined || before === "" ? ids[i]! : [before, ids[i]!].flat();
  });
  return values;
}

function aboutFiles(refusal: DomainError): DomainError {
  if (refusal.facts.errors) return refusal;
  const errors: FieldError[] = [{ path: "file", code: refusal.code, message: refusal.message }];
  return new DomainError(refusal.code, refusal.message, { ...refusal.facts, errors, cause: refusal.cause });
}
