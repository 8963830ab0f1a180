import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

/** What to show where there is nothing yet: why, and what to do next. */
export function EmptyState({ icon, title, children, actions }: {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} size="lg" />
      </span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div class="form-actions">{actions}</div>}
    </div>
  );
}
