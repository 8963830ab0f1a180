import type { ComponentChildren } from "preact";
import { Icon } from "@/components/Icon.tsx";

/** A form beside the conversation that is asked for by a button. */
export function SideForm({ label, open, children }: {
  label: string;
  open?: boolean | undefined;
  children: ComponentChildren;
}) {
  return (
    <details class="side-form" open={open}>
      <summary class="button button-quiet button-sm">
        <Icon name="plus" size="sm" />
        {label}
      </summary>
      {children}
    </details>
  );
}
