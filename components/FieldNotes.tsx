import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";

export interface Notes {
  hint?: ComponentChildren;
  error?: string | undefined;
}

/** A hint, and what is wrong, for the control of this id. */
export function FieldNotes({ id, hint, error }: Notes & { id: string }) {
  return (
    <>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </>
  );
}

export function FieldError({ id, class: extra, children }: {
  id?: string | undefined;
  class?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <p class={extra ? `field-error ${extra}` : "field-error"} id={id}>
      <Icon name="alert" size="sm" />
      <span>{children}</span>
    </p>
  );
}

/** The ids of a control's notes, for assistive technology. */
export function describedBy(id: string, { hint, error }: Notes): string | undefined {
  return [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
}
