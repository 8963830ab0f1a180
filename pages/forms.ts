import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { DomainError, type FieldError } from "@/domain/errors.ts";
import { boundField, isPassword } from "@/domain/shared/marks.ts";
import { incomingOf } from "@/edge/incoming.ts";

/** Fields of a form as they came; one that came several times is a list. */
export type FormValues = Record<string, string | string[]>;

export interface FormState {
  /** By field, without passwords. */
  values: Record<string, string>;
  /** By field; "" is the whole form. */
  errors: Record<string, string>;
  refusal?: DomainError;
  /** As they came, several values of a field apart. */
  sent?: FormValues;
}

export const EMPTY_FORM: FormState = { values: {}, errors: {} };

export interface RefusedForm {
  form: FormState;
  status: number;
}

/** Reads a form's fields, without files. @throws DomainError bad_request, or what the edge refused the request for */
export async function readForm(ctx: Context<State>): Promise<FormValues> {
  const { refusal } = incomingOf(ctx.req);
  if (refusal) throw refusal;
  const data = await ctx.req.formData().catch((cause: unknown) => {
    throw cause instanceof DomainError
      ? cause
      : new DomainError("bad_request", "The form can't be read", { cause });
  });
  const values: FormValues = {};
  for (const [name, given] of data) {
    if (typeof given !== "string") continue;
    const value = boundField(name, given);
    const before = values[name];
    values[name] = before === undefined
      ? value
      : Array.isArray(before)
      ? [...before, value]
      : [before, value];
  }
  return values;
}

/** Turns a refusal that the person can mend into the form to show again. @throws every other error */
export function refusedForm(error: unknown, values: FormValues): RefusedForm {
  if (!(error instanceof DomainError)) throw error;
  if (error.status >= 500 && error.code !== "insufficient_storage") throw error;
  if (error.code === "unauthenticated" || error.code === "not_found") throw error;
  const sent = withoutPasswords(values);
  // Another request has this key: the form gets a new one, so that sending it again works.
  if (error.code === "key_reused") delete sent.idempotencyKey;
  const form = { values: flat(sent), errors: errorsOf(error), refusal: error, sent };
  return { status: error.status, form };
}

export function shownAgain(values: FormValues): RefusedForm {
  const sent = withoutPasswords(values);
  return { status: 200, form: { values: flat(sent), errors: {}, sent } };
}

/** Adds "off" for boxes that aren't ticked: a browser sends nothing for them. */
export function withBoxes(values: FormValues, names: readonly string[]): FormValues {
  return { ...Object.fromEntries(names.map((name) => [name, "off"])), ...values };
}

function withoutPasswords(values: FormValues): FormValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !isPassword(name)));
}

function flat(values: FormValues): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat().join(",")]));
}

function errorsOf(error: DomainError): Record<string, string> {
  if (error.code === "key_reused") {
    return { "": "This form was already sent with other values. Send it again to submit these as well" };
  }
  const fields: FieldError[] = error.facts.errors ?? [];
  if (fields.length === 0) return { "": error.message };
  // The first message about a field is the one to show; later entries of an object win, so it goes last.
  return Object.fromEntries(fields.map(({ path, message }) => [path, message]).reverse());
}
