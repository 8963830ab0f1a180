import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";

export interface Property {
  label: string;
  value: ComponentChildren;
}

/** Named facts, one a line. */
export function PropertyList({ items }: { items: Property[] }) {
  return (
    <dl class="properties">
      {items.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Facts beside the conversation; folds under its title where the page is narrow. */
export function SidePanel({ title, open, children }: {
  title: string;
  open?: boolean | undefined;
  children: ComponentChildren;
}) {
  return (
    <details class="side-panel" open={open}>
      <summary>
        {title}
        <Icon name="chevronDown" size="sm" />
      </summary>
      <div class="side-body">
        <h2 class="side-title">{title}</h2>
        {children}
      </div>
    </details>
  );
}
