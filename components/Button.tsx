import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

/** Looks that a button can have. One primary button a view. */
export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

interface Look {
  children?: ComponentChildren;
  variant?: ButtonVariant | undefined;
  size?: "sm" | "md" | "lg" | undefined;
  icon?: IconName | undefined;
  block?: boolean | undefined;
  /** The name for those who can't see it; with it and no children the button is square. */
  label?: string | undefined;
}

interface ButtonProps extends Look {
  type?: "submit" | "button" | "reset" | undefined;
  name?: string | undefined;
  value?: string | undefined;
  form?: string | undefined;
  formAction?: string | undefined;
  /** Skips the browser's own validation, for "cancel" and "back". */
  formNoValidate?: boolean | undefined;
  disabled?: boolean | undefined;
  pending?: boolean | undefined;
}

/** A button; submits its form unless `type` says otherwise. */
export function Button({ type = "submit", pending, label, disabled, ...props }: ButtonProps) {
  return (
    <button
      class={buttonClass({ ...props, pending })}
      type={type}
      name={props.name}
      value={props.value}
      form={props.form}
      formAction={props.formAction}
      formNoValidate={props.formNoValidate}
      disabled={disabled}
      aria-busy={pending ? "true" : undefined}
      aria-label={label}
      title={props.children ? undefined : label}
    >
      {props.icon && <Icon name={props.icon} size={props.size === "sm" ? "sm" : "md"} />}
      {props.children}
    </button>
  );
}

/** A link that looks like a button: goes somewhere, changes nothing. */
export function ButtonLink({ href, label, ...props }: Look & { href: string }) {
  return (
    <a
      class={buttonClass(props)}
      href={href}
      aria-current="false"
      aria-label={label}
      title={props.children ? undefined : label}
    >
      {props.icon && <Icon name={props.icon} size={props.size === "sm" ? "sm" : "md"} />}
      {props.children}
    </a>
  );
}

/** The classes of a button's look, for a `<summary>` that opens a menu. */
export function buttonClass(
  { variant = "secondary", size = "md", block, children, pending }: Look & { pending?: boolean | undefined },
): string {
  return [
    "button",
    `button-${variant}`,
    size !== "md" && `button-${size}`,
    block && "button-block",
    !children && "button-icon",
    pending && "is-pending",
  ].filter(Boolean).join(" ");
}
